package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.store.SmallDisk;
import io.speedwell.store.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk below a server process becomes full, or read-only, in the middle of a run. */
@Tag("faults")
class DiskTest {
  private static final String FAILED = "the store failed";
  private static final String BACK = "the store works again";
  private static final int KILOBYTES = 8_192;

  @TempDir private Path folder;

  @Test
  void fullDisksPauseTheRun() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), KILOBYTES);
        Scene scene = new Scene(folder, disk.folder().resolve("data"), StoreSettings.DEFAULTS)) {
      Child server = scene.start();
      for (int i = 0; i < 2; i++) {
        scene.awaitRounds(2);
        disk.fill(0);
        assertThat(server.awaitLines(FAILED, scene.said(FAILED) + 2))
            .anyMatch(line -> line.contains("No space left on device"));
        int back = scene.said(BACK);
        disk.relieve();
        server.awaitLines(BACK, back + 1);
      }
      disk.fill(0);
      server.awaitLines(FAILED, scene.said(FAILED) + 1);
      server.kill();
      disk.relieve();
      scene.audit();
    }
  }

  @Test
  void aDiskThatBecomesReadOnlyPausesTheRun() throws Exception {
    Path library = Programs.library(folder, "readonly");
    Path readOnly = folder.resolve("read-only");
    Path data = Files.createDirectory(folder.resolve("data")).toRealPath();
    Map<String, String> environment =
        Map.of(
            "LD_PRELOAD",
            library.toString(),
            "READONLY_FOLDER",
            data.toString(),
            "READONLY_SWITCH",
            readOnly.toString());
    try (Scene scene = new Scene(folder, data, StoreSettings.DEFAULTS)) {
      Child server = scene.start(environment);
      for (int i = 0; i < 2; i++) {
        scene.awaitRounds(2);
        Files.createFile(readOnly);
        assertThat(server.awaitLines(FAILED, scene.said(FAILED) + 2))
            .anyMatch(line -> line.contains("Read-only file system"));
        int back = scene.said(BACK);
        Files.delete(readOnly);
        server.awaitLines(BACK, back + 1);
      }
      Files.createFile(readOnly);
      server.awaitLines(FAILED, scene.said(FAILED) + 1);
      server.kill();
      Child refused = scene.start(environment);
      assertThat(refused.awaitExit()).isEqualTo(6);
      assertThat(refused.lines())
          .singleElement()
          .asString()
          .contains("cannot be locked (Read-only file system)");
      Files.delete(readOnly);
      scene.audit();
    }
  }
}
