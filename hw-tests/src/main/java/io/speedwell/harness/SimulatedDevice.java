package io.speedwell.harness;

import io.speedwell.jna.NativeDevice;
import io.speedwell.jna.Wish;
import io.speedwell.simulate.VirtualDevice;

/** The C client at the end of a virtual link. Its network is there whenever it looks. */
public final class SimulatedDevice implements VirtualDevice {
  private static final int SLICES = 1;
  private final NativeDevice device;

  public SimulatedDevice(NativeDevice device) {
    this.device = device;
    device.reach(true);
  }

  @Override
  public long step(long nowMs) {
    Wish wish = device.step(nowMs, SLICES);
    boolean busy = wish.cpu() || wish.write() || wish.read() && device.hasUnread();
    return busy ? nowMs : nowMs + wish.wakeInMs(nowMs);
  }

  @Override
  public boolean isOpen() {
    return device.isOpen();
  }

  @Override
  public void cut() {
    device.cut();
  }

  @Override
  public int room() {
    return device.room();
  }

  @Override
  public void put(byte[] bytes) {
    device.put(bytes);
  }

  @Override
  public byte[] take() {
    return device.take();
  }
}
