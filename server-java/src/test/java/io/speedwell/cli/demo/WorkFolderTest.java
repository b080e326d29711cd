package io.speedwell.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir Path folder;

  @Test
  void startingAnewRemovesWhatAnEarlierDemoWroteAndNothingElse() throws IOException {
    WorkFolder work = new WorkFolder(folder);
    work.startAnew().close();
    Files.writeString(work.heldOut(), "1");
    Files.writeString(work.server().resolve("old"), "1");
    Files.writeString(folder.resolve("mine.txt"), "1");

    work.startAnew().close();

    assertThat(work.heldOut()).doesNotExist();
    assertThat(work.server()).isEmptyDirectory();
    assertThat(folder.resolve("mine.txt")).exists();
  }

  @Test
  void theFolderIsClaimedWhileADemoIsAtWork() throws IOException {
    WorkFolder work = new WorkFolder(folder);
    try (var claim = work.startAnew()) {
      assertThat(claimable()).isFalse();
    }
    assertThat(claimable()).isTrue();
  }

  private boolean claimable() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("demo.lock").toFile(), "rw");
        FileLock lock = file.getChannel().tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
