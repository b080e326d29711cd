package io.speedwell.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the demo measured; as JSON the format is stable, other programs read it. Immutable.
 *
 * @param outcome of the global model on the held-out rows, after the last round
 * @param alone what each device reaches without the others, on the same rows
 * @param rounds in order
 * @param overheadBytesPerDeviceRound bytes on the training devices' connections, both directions,
 *     beyond the parameters down and up, per device and round
 * @param model files, relative to nothing: absolute paths
 * @param seed of everything random
 * @param versions of what took part
 */
record Report(
    @JsonProperty("final") Outcome outcome,
    Alone alone,
    List<Round> rounds,
    double overheadBytesPerDeviceRound,
    Model model,
    long seed,
    Map<String, String> versions) {

  /**
   * @param accuracy share of the held-out rows that are classified rightly, 0..1
   * @param loss mean cross-entropy over the held-out rows
   */
  record Outcome(double accuracy, double loss) {}

  /**
   * @param meanAccuracy of perDevice
   * @param perDevice accuracy on the held-out rows, in the order of the devices
   */
  record Alone(double meanAccuracy, List<Double> perDevice) {}

  /**
   * @param round from 1
   * @param devices whose updates were counted
   * @param milliseconds from selection to durable
   */
  record Round(int round, double accuracy, double loss, int devices, long milliseconds) {}

  /**
   * @param cHeader a C header with the tensors as arrays
   * @param sha256 of the safetensors file
   */
  record Model(String safetensors, String npz, String cHeader, String sha256) {}

  /** What devices tell in binary32 as the share it is: a whole number of rows of so many. */
  static double accuracy(double told, int rows) {
    return Math.rint(told * rows) / rows;
  }

  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Files.write(
        file,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(this));
  }

  /** One row per round, with a header line. */
  void writeMetrics(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("round,accuracy,loss,devices,milliseconds");
    for (Round round : rounds) {
      lines.add(
          round.round()
              + ","
              + round.accuracy()
              + ","
              + round.loss()
              + ","
              + round.devices()
              + ","
              + round.milliseconds());
    }
    Files.write(file, lines);
  }
}
