package io.speedwell.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Report REPORT =
      new Report(
          new Report.Outcome(0.95, 0.2),
          new Report.Alone(0.67, List.of(0.6, 0.74)),
          List.of(new Report.Round(1, 0.5, 1.5, 2, 12), new Report.Round(2, 0.95, 0.2, 2, 9)),
          71.5,
          new Report.Model("/w/model.safetensors", "/w/model.npz", "/w/model.h", "abc"),
          7,
          Map.of("speedwell", "1"));

  /** Other programs read it: these names are a promise. */
  @Test
  void keepsItsFormat(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("new/report.json");
    REPORT.write(file);
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"final": {"accuracy": 0.95, "loss": 0.2},
                     "alone": {"meanAccuracy": 0.67, "perDevice": [0.6, 0.74]},
                     "rounds": [
                       {"round": 1, "accuracy": 0.5, "loss": 1.5, "devices": 2,
                        "milliseconds": 12},
                       {"round": 2, "accuracy": 0.95, "loss": 0.2, "devices": 2,
                        "milliseconds": 9}],
                     "overheadBytesPerDeviceRound": 71.5,
                     "model": {"safetensors": "/w/model.safetensors", "npz": "/w/model.npz",
                               "cHeader": "/w/model.h", "sha256": "abc"},
                     "seed": 7,
                     "versions": {"speedwell": "1"}}
                    """));
  }

  @Test
  void writesARowPerRound(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("metrics.csv");
    REPORT.writeMetrics(file);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "round,accuracy,loss,devices,milliseconds", "1,0.5,1.5,2,12", "2,0.95,0.2,2,9");
  }
}
