package io.speedwell.jna;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A task as the C client hands it to its trainer. Limits of 0 mean none; the seed is unsigned. The
 * configuration can be read during {@link DeviceTrainer#begin} only; the numbers stay.
 */
public final class DeviceTask {
  private static final int NUMBERS = 9;
  private final Pointer task;
  private final long[] numbers = new long[NUMBERS];

  DeviceTask(Pointer task) {
    this.task = task;
    NativeLibrary.INSTANCE.spw_jna_task(task, numbers);
  }

  /** 1 train, 2 evaluate, 3 query. */
  public int kind() {
    return (int) numbers[0];
  }

  public long round() {
    return numbers[1];
  }

  public long seed() {
    return numbers[2];
  }

  public long maxEpochs() {
    return numbers[3];
  }

  public long maxSteps() {
    return numbers[4];
  }

  public long maxExamples() {
    return numbers[5];
  }

  public long maxMs() {
    return numbers[6];
  }

  public long split() {
    return numbers[7];
  }

  public long phase() {
    return numbers[8];
  }

  public float configF32(String key, float otherwise) {
    return NativeLibrary.INSTANCE.spw_jna_config_f32(task, key, otherwise);
  }

  public int configU32(String key, int otherwise) {
    return NativeLibrary.INSTANCE.spw_jna_config_u32(task, key, otherwise);
  }

  public boolean configBool(String key, boolean otherwise) {
    return NativeLibrary.INSTANCE.spw_jna_config_bool(task, key, otherwise ? 1 : 0) != 0;
  }

  public Optional<String> configText(String key) {
    byte[] bytes = new byte[255];
    int size = NativeLibrary.INSTANCE.spw_jna_config_text(task, key, bytes, bytes.length);
    return size < 0
        ? Optional.empty()
        : Optional.of(new String(bytes, 0, size, StandardCharsets.UTF_8));
  }
}
