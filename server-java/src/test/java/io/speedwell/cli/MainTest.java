package io.speedwell.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.file.Export;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private static final String PLAN =
      """
      name: small
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 2}
      """;

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(args, environment, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  @Test
  void printsItsVersions() {
    assertThat(run("version")).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).contains("speedwell ", "java ", "netty 4.2", "protobuf 4.");
  }

  @Test
  void namesAWrongOption() {
    assertThat(run("server", "--plan", "p", "--data", "d", "--pan", "x"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--pan").doesNotContain("\tat ");
  }

  @Test
  void checksAPlanAndPrintsEveryDefault() throws Exception {
    Path plan = Files.writeString(folder.resolve("p.yaml"), PLAN);
    assertThat(run("plan", "check", plan.toString())).isEqualTo(ExitCodes.OK);
    assertThat(out.toString()).contains("name: small", "goal: 2", "minimum: 2", "deadline:");
  }

  @Test
  void namesFileLineAndKeyOfAPlanThatIsWrong() throws Exception {
    Path plan = Files.writeString(folder.resolve("p.yaml"), PLAN.replace("goal: 2", "goals: 2"));
    assertThat(run("plan", "check", plan.toString())).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(err.toString()).contains("p.yaml:5", "goals", "goal").doesNotContain("\tat ");
  }

  @Test
  void saysThatAPlanIsMissing() {
    Path plan = folder.resolve("none.yaml");
    assertThat(run("plan", "check", plan.toString())).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(err.toString().strip()).isEqualTo("speedwell: " + plan + ": no such file");
  }

  @Test
  void listsTheTensorsOfAModel() throws Exception {
    Layout layout =
        Layout.of(Tensor.f32("a.weight", Rule.MEAN, 2, 2), Tensor.f32("a.bias", Rule.MEAN, 1));
    Export model =
        Export.write(folder, "m", Parameters.of(layout, new float[] {-1, 2, 0.5f, 0.5f, 7}));
    for (Path file : List.of(model.safetensors(), model.npz())) {
      assertThat(run("model", "inspect", file.toString())).isEqualTo(ExitCodes.OK);
      assertThat(out.toString())
          .containsPattern("a.weight +\\[2,2] +-1.00000 +2.00000 +0.50000")
          .containsPattern("a.bias +\\[1] +7.00000 +7.00000 +7.00000")
          .contains("5 parameters");
    }
    assertThat(out.toString()).contains("sha256 " + model.sha256());
  }

  @Test
  void describesAModelAsJson() throws Exception {
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, 2));
    Export model = Export.write(folder, "m", Parameters.of(layout, new float[] {1, 2}));
    assertThat(run("model", "inspect", "--json", model.safetensors().toString()))
        .isEqualTo(ExitCodes.OK);
    assertThat(new ObjectMapper().readTree(out.toString()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"file": "%s", "parameters": 2, "sha256": "%s",
                     "tensors": [{"name": "w", "shape": [2], "min": 1.0, "max": 2.0, "mean": 1.5}]}
                    """
                        .formatted(model.safetensors(), model.sha256())));
  }

  @Test
  void saysWhatIsWrongWithAModel() throws Exception {
    Path file = Files.writeString(folder.resolve("m.safetensors"), "no model at all");
    assertThat(run("model", "inspect", file.toString())).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(err.toString()).startsWith("speedwell: " + file + ": ").doesNotContain("\tat ");
  }

  @Test
  void aModelThatClaimsMoreThanItHoldsIsNoDefect() throws Exception {
    byte[] header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,1099511627776],\"data_offsets\":[0,0]}}"
            .getBytes(ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    Path tensors = folder.resolve("m.safetensors");
    Files.write(tensors, bytes.putLong(header.length).put(header).array());
    assertThat(run("model", "inspect", tensors.toString())).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(err.toString()).contains("tensor a: shape [0, 1099511627776] is too large");
    for (String shape : List.of("500000000,", "4294967296, 4294967296")) {
      Path npz = folder.resolve("m.npz");
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
        String text =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n".formatted(shape);
        zip.putNextEntry(new ZipEntry("a.npy"));
        zip.write(("\u0093NUMPY\1\0" + (char) text.length() + "\0" + text).getBytes(ISO_8859_1));
      }
      assertThat(run("model", "inspect", npz.toString())).isEqualTo(ExitCodes.BAD_INPUT);
      assertThat(err.toString()).contains("tensor a: its data ends too early");
    }
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  @Test
  void aServerWithoutItsFirstModelMakesNoFolder() throws Exception {
    String first = PLAN.replace("model:\n", "model:\n  initial: none.npz\n");
    Path plan = Files.writeString(folder.resolve("p.yaml"), first);
    Path data = folder.resolve("data");
    assertThat(run("server", "--plan", plan.toString(), "--data", data.toString()))
        .isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(err.toString()).contains("none.npz: no such file");
    assertThat(data).doesNotExist();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aModelLargerThanTheMemoryIsTheUsersToPutRight() {
    OutOfMemoryError bare = new OutOfMemoryError("Java heap space");
    for (Throwable problem : List.of(bare, new IllegalStateException(bare))) {
      assertThat(Main.explain(problem, new PrintWriter(err, true))).isEqualTo(ExitCodes.BAD_INPUT);
    }
    assertThat(err.toString()).contains("too large", "-Xmx").doesNotContain("\tat ");
  }

  @Test
  void outputThatIsLostIsNoSuccess() {
    PrintWriter full =
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left on device");
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            },
            true);
    assertThat(Main.run(new String[] {"version"}, environment, full, new PrintWriter(err, true)))
        .isEqualTo(ExitCodes.INTERNAL);
    assertThat(err.toString()).startsWith("speedwell: standard output did not take everything");
  }

  @Test
  void saysThatAFileStandsWhereAFolderIsNeeded() throws Exception {
    assertThat(Problems.describe(new FileAlreadyExistsException("x")))
        .isEqualTo("is there already, and is no folder");
  }

  @Test
  void theDoctorSaysALineForEachCheckAndWhetherTheMachineIsFit() throws Exception {
    String[] fit = {"doctor", "--devices", "1", "--data", folder.toString(), "--budget", "64M"};
    assertThat(run(fit)).isEqualTo(ExitCodes.OK);
    assertThat(out.toString())
        .containsPattern("(?m)^ok +java +\\d")
        .containsPattern("(?m)^ok +open files ")
        .containsPattern("(?m)^ok +data folder ");
    String plan = Files.writeString(folder.resolve("p.yaml"), PLAN).toString();
    assertThat(run("doctor", "--plan", plan, "--budget", "1", "--data", folder.toString()))
        .isEqualTo(ExitCodes.UNFIT);
    assertThat(out.toString())
        .containsPattern("(?m)^fail +update budget ")
        .containsPattern("-> give the server --budget of at least \\d+");
  }

  @Test
  void aBudgetThatTheHeapCannotHoldIsRefusedBeforeAnythingIsMade() throws Exception {
    String data = folder.resolve("data").toString();
    assertThat(run("server", "--data", data, "--budget", "4096G")).isEqualTo(ExitCodes.UNFIT);
    assertThat(err.toString())
        .contains("4194304 for updates (--budget)", "Give a smaller --budget, or more heap")
        .hasLineCount(1);
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(run("doctor", "--budget", "4096G", "--devices", "1")).isEqualTo(ExitCodes.UNFIT);
    assertThat(out.toString()).containsPattern("(?m)^fail +heap +\\d+ MB, 4194304 MB of them");
  }

  @Test
  void moreConnectionsThanOpenFilesAllowAreRefusedBeforeAnythingIsMade() throws Exception {
    String data = folder.resolve("data").toString();
    assertThat(run("server", "--data", data, "--max-connections", "2000000000"))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .contains("--max-connections 2000000000", "'ulimit -n 2000000256'", "LimitNOFILE=")
        .hasLineCount(1);
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void rangesOfTheDemoAreChecked() {
    assertThat(run("demo", "--devices", "65")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--devices 65: 2..64 is possible");
    assertThat(run("demo", "--rounds", "0")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void prefersFlagToEnvironmentToFile() throws Exception {
    Path config = Files.writeString(folder.resolve("c.properties"), "devices = 1001\n");
    environment.put("SPEEDWELL_CONFIG", config.toString());
    assertThat(run("demo")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--devices 1001:");
    environment.put("SPEEDWELL_DEVICES", "1002");
    assertThat(run("demo")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--devices 1002:");
    assertThat(run("demo", "--devices", "1003")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--devices 1003:");
  }

  @Test
  void namesAKeyOfTheFileThatIsNoOption() throws Exception {
    Path config = Files.writeString(folder.resolve("c.properties"), "device = a\nlissten = b\n");
    assertThat(run("version", "--config", config.toString())).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains(config + ": unknown key 'lissten'", "listen");
  }

  @Test
  void saysThatTheFileOfDefaultsIsMissing() {
    assertThat(run("--config=none.properties", "version")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("none.properties: cannot be read (no such file)");
  }
}
