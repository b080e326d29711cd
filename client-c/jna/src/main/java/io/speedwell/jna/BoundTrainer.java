package io.speedwell.jna;

import com.sun.jna.Pointer;

/**
 * A trainer with its tensors in native memory, ready for one device. It belongs to that device; one
 * thread at a time.
 */
public abstract sealed class BoundTrainer permits JavaTrainer, MlpTrainer {

  /** All values of the tensors in order, copied out. */
  public abstract float[] parameters();

  /** Gives the device its trainer. */
  abstract void attach(Pointer device, Guard guard);

  /** Runs what C calls, and keeps what it throws: nothing may be thrown through C. */
  static final class Guard {
    private Throwable thrown;

    interface Call {
      int run();
    }

    int call(int otherwise, Call call) {
      try {
        return call.run();
      } catch (Throwable t) {
        if (thrown == null) {
          thrown = t;
        }
        return otherwise;
      }
    }

    /** Throws what was kept, once C has returned. */
    void rethrow() {
      Throwable t = thrown;
      thrown = null;
      if (t instanceof RuntimeException e) {
        throw e;
      }
      if (t instanceof Error e) {
        throw e;
      }
    }
  }
}
