package io.speedwell.jna;

import com.sun.jna.Pointer;

/** What a trainer fills in when it finishes; usable during {@link DeviceTrainer#finish} only. */
public final class DeviceResult {
  private final Pointer result;

  DeviceResult(Pointer result) {
    this.result = result;
  }

  /** See {@code spw_result_t}: held is the weight of the update, used and steps the work done. */
  public void set(
      int held, int used, int steps, float workNorm, float lossBefore, float lossAfter) {
    NativeLibrary.INSTANCE.spw_jna_result(
        result, held, used, steps, workNorm, lossBefore, lossAfter);
  }

  /** Adds a weighted mean; false when the device has no room for it or a number is out of range. */
  public boolean mean(String name, float value, float weight) {
    return NativeLibrary.INSTANCE.spw_jna_metric(result, 1, name, value, weight) != 0;
  }
}
