package io.speedwell.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of a few megabytes that can be filled, emptied and made read-only. Mounting needs
 * root: elsewhere the test is skipped.
 */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * @param folder an empty one
   * @param kilobytes how much fits
   */
  public static SmallDisk mount(Path folder, int kilobytes) throws Exception {
    Files.createDirectories(folder);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", folder.toString()),
        "a small file system cannot be mounted here: that needs root and the right to mount");
    return new SmallDisk(folder);
  }

  public Path folder() {
    return folder;
  }

  /** Fills it until so many bytes are left, or fewer. */
  public void fill(int left) throws IOException {
    long size = Files.getFileStore(folder).getUsableSpace() - left;
    byte[] block = new byte[1024];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      for (long written = 0; written < size; written += block.length) {
        out.write(block);
      }
    } catch (IOException e) {
      // full is full
    }
  }

  /** Takes away what {@link #fill} put there. */
  public void relieve() throws IOException {
    Files.deleteIfExists(ballast());
  }

  void readOnly(boolean on) throws Exception {
    if (!run("mount", "-o", "remount," + (on ? "ro" : "rw"), folder.toString())) {
      throw new IOException("cannot be mounted again");
    }
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() throws Exception {
    run("umount", "--lazy", folder.toString());
  }
}
