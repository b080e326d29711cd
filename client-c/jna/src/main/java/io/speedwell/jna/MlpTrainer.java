package io.speedwell.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;

/**
 * The examples' 64-32-10 network and its trainer, all in C: the one that the device program runs.
 */
public final class MlpTrainer extends BoundTrainer {
  private static final int FEATURES = 64;

  /**
   * One example.
   *
   * @param features 64 of them, about 0..1
   * @param label 0..9
   */
  public record Row(float[] features, int label) {
    public Row {
      if (features.length != FEATURES || label < 0 || label > 9) {
        throw new IllegalArgumentException(
            features.length + " features and label " + label + ": 64 and 0..9 are needed");
      }
      features = features.clone();
    }
  }

  private final Memory trainer = new Memory(NativeLibrary.INSTANCE.spw_jna_mlp_size());
  private final Memory features;
  private final Memory labels;
  private final Memory order;
  private final int rows;
  private Pointer parameters;

  /**
   * @param rows at least one
   */
  public MlpTrainer(List<Row> rows) {
    this.rows = rows.size();
    this.features = new Memory(4L * FEATURES * rows.size());
    this.labels = new Memory(rows.size());
    this.order = new Memory(4L * rows.size());
    for (int i = 0; i < rows.size(); i++) {
      features.write(4L * FEATURES * i, rows.get(i).features(), 0, FEATURES);
      labels.setByte(i, (byte) rows.get(i).label());
    }
  }

  @Override
  public float[] parameters() {
    return parameters.getFloatArray(0, NativeLibrary.INSTANCE.spw_jna_mlp_parameters());
  }

  @Override
  void attach(Pointer device, Guard guard) {
    parameters = NativeLibrary.INSTANCE.spw_jna_mlp(device, trainer, features, labels, rows, order);
  }
}
