package io.speedwell.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One device: the C client with a pipe in memory as its transport. The same C that is flashed;
 * nothing of it is rewritten here.
 *
 * <p>Not thread-safe: one thread at a time uses a device. All native memory belongs to this object
 * and is freed with it; {@link #close} only says goodbye.
 */
public final class NativeDevice implements AutoCloseable {
  private static final NativeLibrary C = NativeLibrary.INSTANCE;

  private final DeviceOptions options;
  private final BoundTrainer trainer;
  private final BoundTrainer.Guard guard = new BoundTrainer.Guard();
  private final Memory device;
  private final Object[] kept; // what C points to and Java must not collect

  /**
   * @param onEvent hears what happens, on the thread that steps the device
   * @param mayTrain asked before a task and before every slice
   * @throws IllegalArgumentException when the client refuses its configuration
   */
  public NativeDevice(
      DeviceOptions options,
      BoundTrainer trainer,
      Consumer<DeviceEvent> onEvent,
      BooleanSupplier mayTrain) {
    this.options = options;
    this.trainer = trainer;
    this.device = new Memory(C.spw_jna_device_size());
    byte[] text = options.id().getBytes(StandardCharsets.UTF_8);
    Memory id = new Memory(text.length + 1L);
    id.write(0, text, 0, text.length);
    id.setByte(text.length, (byte) 0);
    Memory frames = new Memory(2L * options.frameBuffer());
    Memory config = room(options.configBytes());
    Memory metrics = room(options.metricsBytes());
    Memory pipe = new Memory(2L * options.pipeBytes());
    NativeLibrary.Event event =
        (kind, number, detail, size) ->
            guard.call(0, () -> tell(onEvent, kind, number, detail, size));
    NativeLibrary.MayTrain may = () -> guard.call(0, () -> mayTrain.getAsBoolean() ? 1 : 0);

    C.spw_jna_identity(
        device,
        id,
        options.seed(),
        options.keepAliveMs(),
        options.backoffFirstMs(),
        options.backoffMostMs(),
        options.conditions());
    C.spw_jna_buffers(
        device,
        frames,
        options.frameBuffer(),
        config,
        options.configBytes(),
        metrics,
        options.metricsBytes(),
        pipe,
        options.pipeBytes());
    trainer.attach(device, guard);
    Memory base = options.delta() ? new Memory(4L * trainer.parameters().length) : null;
    if (base != null) {
      C.spw_jna_delta(device, base, trainer.parameters().length);
    }
    C.spw_jna_hooks(device, event, may);
    this.kept = new Object[] {id, frames, config, metrics, pipe, base, event, may};
    int status = C.spw_jna_start(device);
    if (status != 0) {
      throw new IllegalArgumentException(
          "the client refused its configuration with status " + status + ": " + options);
    }
  }

  /** A device nobody listens to, that may always train. */
  public NativeDevice(DeviceOptions options, BoundTrainer trainer) {
    this(options, trainer, event -> {}, () -> true);
  }

  private static int tell(
      Consumer<DeviceEvent> onEvent, int kind, int number, Pointer detail, int size) {
    String text = size == 0 ? "" : new String(detail.getByteArray(0, size), StandardCharsets.UTF_8);
    onEvent.accept(
        new DeviceEvent(DeviceEvent.Kind.of(kind), Integer.toUnsignedLong(number), text));
    return 0;
  }

  private static Memory room(int bytes) {
    return bytes == 0 ? null : new Memory(bytes);
  }

  /** Size of the client's own state in bytes, without the caller's buffers. */
  public static int stateBytes() {
    return C.spw_jna_client_size();
  }

  /**
   * One call of {@code spw_client_step}.
   *
   * @param nowMs a clock that never runs backwards; only its low 32 bits reach the client
   * @param slices the most slices of the trainer, at least 1
   */
  public Wish step(long nowMs, int slices) {
    Wish wish = Wish.of(C.spw_jna_step(device, (int) nowMs, slices));
    guard.rethrow();
    return wish;
  }

  /** Whether a link can be opened from now on; false also cuts one that is open. */
  public void reach(boolean reachable) {
    C.spw_jna_reach(device, reachable ? 1 : 0);
  }

  /** Cuts the link; bytes under way are lost. */
  public void cut() {
    C.spw_jna_cut(device);
  }

  /** True while the device holds its link open. */
  public boolean isOpen() {
    return C.spw_jna_is_open(device) != 0;
  }

  /** Puts bytes on the way to the device; returns how many there was room for. */
  public int put(byte[] bytes) {
    return C.spw_jna_put(device, bytes, bytes.length);
  }

  /** Takes all bytes the device has sent. */
  public byte[] take() {
    byte[] bytes = new byte[C.spw_jna_waiting(device)];
    if (bytes.length > 0) {
      C.spw_jna_take(device, bytes, bytes.length);
    }
    return bytes;
  }

  /** Whether bytes put wait for the device to read them: it should be stepped again. */
  public boolean hasUnread() {
    return isOpen() && room() < options.pipeBytes();
  }

  /** How many bytes can be put. */
  public int room() {
    return C.spw_jna_room(device);
  }

  public boolean modelValid() {
    return C.spw_jna_model_valid(device) != 0;
  }

  public boolean connected() {
    return C.spw_jna_connected(device) != 0;
  }

  /** The values of the device's tensors in order, copied out. */
  public float[] parameters() {
    return trainer.parameters();
  }

  public DeviceOptions options() {
    return options;
  }

  @Override
  public void close() {
    C.spw_jna_stop(device);
    Reference.reachabilityFence(kept);
    guard.rethrow();
  }
}
