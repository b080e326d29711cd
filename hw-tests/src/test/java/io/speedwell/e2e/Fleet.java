package io.speedwell.e2e;

import io.speedwell.harness.TcpDevice;
import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceOptions;
import io.speedwell.jna.DeviceResult;
import io.speedwell.jna.DeviceTask;
import io.speedwell.jna.DeviceTensor;
import io.speedwell.jna.DeviceTrainer;
import io.speedwell.jna.JavaTrainer;
import io.speedwell.jna.NativeDevice;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Devices in this process, the C client in each, that come back by themselves whatever happens to
 * their server, and that can die at a chosen moment.
 */
final class Fleet implements AutoCloseable {
  private static final int BACKOFF_FIRST_MS = 200;
  private static final int BACKOFF_MOST_MS = 1_000;

  /** One place of the fleet: an id, and the device that has it now. */
  private final class Place {
    private final int number;
    private int lives;
    private TcpDevice device;
    private volatile Predicate<Enum<?>> end = message -> false;
    private volatile CountDownLatch dead;

    Place(int number) {
      this.number = number;
      begin();
    }

    void begin() {
      lives++;
      dead = new CountDownLatch(1);
      long seed = 1_000L * lives + number;
      DeviceModel model = new DeviceModel(tensors);
      NativeDevice fresh =
          new NativeDevice(
              DeviceOptions.of(id(number), seed)
                  .withFrameBuffer(256)
                  .withBackoff(BACKOFF_FIRST_MS, BACKOFF_MOST_MS),
              new JavaTrainer(model, new Noise(model, 10 + number, seed)));
      synchronized (this) {
        device = TcpDevice.start(fresh, server, ledger.tap(id(number), this::passed));
      }
    }

    /** On the device's thread, which ends before the place gets another device. */
    private synchronized void passed(Enum<?> message) {
      if (end.test(message)) {
        end = none -> false;
        device.kill();
        dead.countDown();
      }
    }

    /** A fresh device with the id: it knows nothing of the one before. */
    void replace() {
      device.join();
      begin();
    }
  }

  private final InetSocketAddress server;
  private final List<DeviceTensor> tensors;
  private final UpdateLedger ledger;
  private final List<Place> places = new ArrayList<>();

  /** Starts so many devices, which try to connect from now on. */
  Fleet(int devices, InetSocketAddress server, List<DeviceTensor> tensors, UpdateLedger ledger) {
    this.server = server;
    this.tensors = tensors;
    this.ledger = ledger;
    for (int i = 0; i < devices; i++) {
      places.add(new Place(i));
    }
  }

  static String id(int number) {
    return "car-" + number;
  }

  /**
   * A device is to die when the n-th message of a kind passes, before that is heard.
   *
   * @param message a {@code MessageCase} of {@code ToServer} or {@code ToDevice}
   */
  void doom(int number, Enum<?> message, int n) {
    places.get(number).end = nth(message, n);
  }

  /** A device dies at once; the fresh one with its id is to die as {@link #doom} says. */
  void doomAnew(int number, Enum<?> message, int n) {
    Place place = places.get(number);
    place.device.kill();
    place.device.join();
    place.end = nth(message, n);
    place.begin();
  }

  private static Predicate<Enum<?>> nth(Enum<?> message, int n) {
    int[] left = {n};
    return passed -> passed == message && --left[0] == 0;
  }

  /** Waits until a doomed device is dead. */
  void awaitDeath(int number) throws InterruptedException {
    if (!places.get(number).dead.await(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("nothing killed " + id(number));
    }
  }

  /** Gives every dead device's id to a fresh one. Returns how many there were. */
  int replaceTheDead() {
    List<Place> dead = places.stream().filter(place -> place.dead.getCount() == 0).toList();
    dead.forEach(Place::replace);
    return dead.size();
  }

  @Override
  public void close() {
    places.forEach(place -> place.device.kill());
    places.forEach(place -> place.device.join());
  }

  /** Moves every parameter by noise, seeded by the task and the device's life. */
  private static final class Noise implements DeviceTrainer {
    private final DeviceModel model;
    private final int examples;
    private final long seed;
    private Random random;
    private int left;

    Noise(DeviceModel model, int examples, long seed) {
      this.model = model;
      this.examples = examples;
      this.seed = seed;
    }

    @Override
    public boolean begin(DeviceTask task) {
      random = new Random(task.seed() ^ seed);
      left = 3;
      return true;
    }

    @Override
    public Step step(boolean wrapUp) {
      for (int i = 0; i < model.tensors().size(); i++) {
        float[] values = model.get(i);
        for (int k = 0; k < values.length; k++) {
          values[k] += random.nextFloat() - 0.5f;
        }
        model.set(i, values);
      }
      left--;
      return wrapUp || left == 0 ? Step.DONE : Step.MORE;
    }

    @Override
    public void finish(Cause cause, DeviceResult result) {
      int steps = 3 - left;
      result.set(examples, steps, steps, steps, 1, 0.5f);
    }
  }
}
