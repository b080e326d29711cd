package io.speedwell.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The demo's network, written once more from its description: 64-32-10, ReLU between. Reads the
 * exported model by itself; shares no code with what it checks.
 */
final class ForwardPass {
  private final float[] weight1;
  private final float[] bias1;
  private final float[] weight2;
  private final float[] bias2;

  private ForwardPass(float[] weight1, float[] bias1, float[] weight2, float[] bias2) {
    this.weight1 = weight1;
    this.bias1 = bias1;
    this.weight2 = weight2;
    this.bias2 = bias2;
  }

  static ForwardPass ofSafetensors(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[(int) bytes.getLong()];
    bytes.get(header);
    JsonNode tensors = new ObjectMapper().readTree(header);
    ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    return new ForwardPass(
        tensor(tensors, data, "dense1.weight", 32, 64),
        tensor(tensors, data, "dense1.bias", 32),
        tensor(tensors, data, "dense2.weight", 10, 32),
        tensor(tensors, data, "dense2.bias", 10));
  }

  /** Every parameter, in the order of the tensors' names. */
  float[] values() {
    FloatBuffer values =
        FloatBuffer.allocate(weight1.length + bias1.length + weight2.length + bias2.length);
    return values.put(bias1).put(weight1).put(bias2).put(weight2).array();
  }

  /** Share of the file's rows (features, then the class) that are classified rightly. */
  double accuracy(Path rows) throws IOException {
    List<String> lines = Files.readAllLines(rows);
    long right = lines.stream().filter(this::right).count();
    return (double) right / lines.size();
  }

  private boolean right(String line) {
    String[] cells = line.split(",");
    float[] x = new float[cells.length - 1];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.parseFloat(cells[i]);
    }
    float[] hidden = dense(weight1, bias1, x);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(0, hidden[i]);
    }
    float[] out = dense(weight2, bias2, hidden);
    int best = 0;
    for (int i = 1; i < out.length; i++) {
      best = out[i] > out[best] ? i : best;
    }
    return best == Integer.parseInt(cells[x.length]);
  }

  private static float[] dense(float[] weight, float[] bias, float[] x) {
    float[] y = new float[bias.length];
    for (int o = 0; o < y.length; o++) {
      double sum = bias[o];
      for (int i = 0; i < x.length; i++) {
        sum += (double) weight[o * x.length + i] * x[i];
      }
      y[o] = (float) sum;
    }
    return y;
  }

  private static float[] tensor(JsonNode tensors, ByteBuffer data, String name, int... shape) {
    JsonNode entry = tensors.get(name);
    int elements = 1;
    for (int i = 0; i < shape.length; i++) {
      if (entry.get("shape").get(i).asInt() != shape[i]) {
        throw new AssertionError(name + " has shape " + entry.get("shape"));
      }
      elements *= shape[i];
    }
    if (!entry.get("dtype").asText().equals("F32")) {
      throw new AssertionError(name + " is of type " + entry.get("dtype"));
    }
    float[] values = new float[elements];
    data.duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(entry.get("data_offsets").get(0).asInt())
        .asFloatBuffer()
        .get(values);
    return values;
  }
}
