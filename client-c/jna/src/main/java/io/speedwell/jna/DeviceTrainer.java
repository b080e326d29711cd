package io.speedwell.jna;

/**
 * A trainer written in Java for a device written in C: the contract of {@code trainer.h}. Called on
 * the thread that steps the device. An exception thrown here makes the trainer fail and comes out
 * of {@link NativeDevice#step}.
 */
public interface DeviceTrainer {

  enum Step {
    MORE,
    DONE,
    FAILED
  }

  enum Cause {
    DONE,
    WRAPPED_UP,
    FAILED,
    CANCELLED
  }

  /** Bit set of kinds; 0 stands for train and evaluate. */
  default int kinds() {
    return 0;
  }

  /** 0 not stated, 1 ieee, 2 ftz. */
  default int numerics() {
    return 1;
  }

  /** False refuses the task; {@link #finish} is then not called. */
  boolean begin(DeviceTask task);

  /** At most one slice. */
  Step step(boolean wrapUp);

  void finish(Cause cause, DeviceResult result);
}
