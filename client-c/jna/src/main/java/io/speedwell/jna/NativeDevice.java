package io.speedwell.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One device: the C client with a pipe in memory as its transport. The same C that is flashed; nothing of it is
 * rewritten here.
 *
 * <p>Not thread-safe: one thread at a time uses a device. All native memory belongs to this object and is freed with
 * it; {@link #close} only says goodbye.
 */
public final class NativeDevice implements AutoCloseable {
  private static final NativeLibrary C = NativeLibrary.INSTANCE;

  private final DeviceOptions options;
  private final DeviceModel model;
  private final DeviceTrainer trainer;
  private final Consumer<DeviceEvent> listener;
  private final BooleanSupplier mayTrain;
  private final Memory device;
  private final Object[] kept; // what C points to and Java must not collect
  private Throwable thrown;

  private NativeDevice(Builder builder) {
    this.options = builder.options;
    this.model = builder.model;
    this.trainer = builder.trainer;
    this.listener = builder.listener;
    this.mayTrain = builder.mayTrain;
    this.device = new Memory(C.spw_jna_device_size());
    byte[] text = options.id().getBytes(StandardCharsets.UTF_8);
    Memory id = new Memory(text.length + 1L);
    id.write(0, text, 0, text.length);
    id.setByte(text.length, (byte) 0);
    Memory frames = new Memory(2L * options.frameBuffer());
    Memory config = room(options.configBytes());
    Memory metrics = room(options.metricsBytes());
    Memory pipe = new Memory(2L * options.pipeBytes());
    Memory base = options.delta() ? new Memory(4L * Math.max(1, model.all().length)) : null;
    NativeLibrary.Begin begin = this::begin;
    NativeLibrary.Slice slice = this::slice;
    NativeLibrary.Finish finish = this::finish;
    NativeLibrary.Event event = this::event;
    NativeLibrary.MayTrain may = this::mayTrain;
    this.kept = new Object[] {id, frames, config, metrics, pipe, base, begin, slice, finish, event, may};

    C.spw_jna_identity(device, id, options.seed(), options.keepAliveMs(), options.backoffFirstMs(),
        options.backoffMostMs(), options.conditions());
    C.spw_jna_buffers(device, frames, options.frameBuffer(), config, options.configBytes(), metrics,
        options.metricsBytes(), pipe, options.pipeBytes());
    C.spw_jna_trainer(device, model.table(), model.tensors().size(), trainer.kinds(), trainer.numerics(),
        begin, slice, finish);
    if (base != null) {
      C.spw_jna_delta(device, base, model.all().length);
    }
    C.spw_jna_hooks(device, event, mayTrain == null ? null : may);
    int status = C.spw_jna_start(device);
    if (status != 0) {
      throw new IllegalArgumentException("the client refused its configuration with status " + status
          + ": " + options);
    }
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
    rethrow();
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

  public DeviceModel model() {
    return model;
  }

  public DeviceOptions options() {
    return options;
  }

  @Override
  public void close() {
    C.spw_jna_stop(device);
    Reference.reachabilityFence(kept);
    rethrow();
  }

  private int begin(Pointer task) {
    return guarded(0, () -> trainer.begin(new DeviceTask(task)) ? 1 : 0);
  }

  private int slice(int hint) {
    return guarded(DeviceTrainer.Step.FAILED.ordinal(), () -> trainer.step(hint != 0).ordinal());
  }

  private void finish(int cause, Pointer result) {
    guarded(0, () -> {
      trainer.finish(DeviceTrainer.Cause.values()[cause - 1], new DeviceResult(result));
      return 0;
    });
  }

  private void event(int kind, int number, Pointer detail, int size) {
    guarded(0, () -> {
      String text = size == 0 ? "" : new String(detail.getByteArray(0, size), StandardCharsets.UTF_8);
      listener.accept(new DeviceEvent(DeviceEvent.Kind.of(kind), Integer.toUnsignedLong(number), text));
      return 0;
    });
  }

  private int mayTrain() {
    return guarded(0, () -> mayTrain.getAsBoolean() ? 1 : 0);
  }

  private interface Call {
    int run();
  }

  /** Nothing may be thrown through C: what comes is kept and thrown again when C has returned. */
  private int guarded(int otherwise, Call call) {
    try {
      return call.run();
    } catch (Throwable t) {
      if (thrown == null) {
        thrown = t;
      }
      return otherwise;
    }
  }

  private void rethrow() {
    Throwable t = thrown;
    thrown = null;
    if (t instanceof RuntimeException e) {
      throw e;
    } else if (t instanceof Error e) {
      throw e;
    }
  }

  /** Starts building a device over its model and trainer. */
  public static Builder builder(DeviceOptions options, DeviceModel model, DeviceTrainer trainer) {
    return new Builder(options, model, trainer);
  }

  /** Builds one device. Not thread-safe. */
  public static final class Builder {
    private final DeviceOptions options;
    private final DeviceModel model;
    private final DeviceTrainer trainer;
    private Consumer<DeviceEvent> listener = event -> {};
    private BooleanSupplier mayTrain;

    private Builder(DeviceOptions options, DeviceModel model, DeviceTrainer trainer) {
      this.options = options;
      this.model = model;
      this.trainer = trainer;
    }

    public Builder onEvent(Consumer<DeviceEvent> listener) {
      this.listener = listener;
      return this;
    }

    public Builder mayTrain(BooleanSupplier mayTrain) {
      this.mayTrain = mayTrain;
      return this;
    }

    public NativeDevice build() {
      return new NativeDevice(this);
    }
  }
}
