package io.speedwell.bench;

import io.speedwell.harness.TcpDevice;
import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceOptions;
import io.speedwell.jna.DeviceResult;
import io.speedwell.jna.DeviceTask;
import io.speedwell.jna.DeviceTensor;
import io.speedwell.jna.DeviceTrainer;
import io.speedwell.jna.JavaTrainer;
import io.speedwell.jna.NativeDevice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A device process of the benches: the C client over TCP, with a model of any size and training
 * that takes a stated time and changes nothing. Writes a line when a task begins.
 */
final class BenchDevice {
  private BenchDevice() {}

  /** Starts one as a process. */
  static Process start(int port, String id, int parameters, int workMs) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "-Djna.library.path=" + System.getProperty("jna.library.path", ""),
            BenchDevice.class.getName(),
            Integer.toString(port),
            id,
            Integer.toString(parameters),
            Integer.toString(workMs))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    String id = arguments[1];
    DeviceModel model =
        new DeviceModel(List.of(DeviceTensor.mean("weights", Integer.parseInt(arguments[2]))));
    DeviceTrainer trainer = new Trainer(Integer.parseInt(arguments[3]));
    NativeDevice device =
        new NativeDevice(
            DeviceOptions.of(id, id.hashCode()).withFrameBuffer(4_096),
            new JavaTrainer(model, trainer));
    TcpDevice.start(device, server);
    System.in.read(); // the one who measures ends this process
    System.exit(0);
  }

  private static final class Trainer implements DeviceTrainer {
    private static final long SLICE_NANOS = 2_000_000;
    private final long workNanos;
    private long until;

    Trainer(int workMs) {
      workNanos = 1_000_000L * workMs;
    }

    @Override
    public boolean begin(DeviceTask task) {
      System.out.println("begin");
      until = System.nanoTime() + workNanos;
      return true;
    }

    @Override
    public Step step(boolean wrapUp) {
      long left = until - System.nanoTime();
      LockSupport.parkNanos(
          Math.min(left, SLICE_NANOS)); // works without a processor: others need it
      return left > 0 ? Step.MORE : Step.DONE;
    }

    @Override
    public void finish(Cause cause, DeviceResult result) {
      result.set(100, 100, 10, 10, 1.5f, 0.5f);
    }
  }
}
