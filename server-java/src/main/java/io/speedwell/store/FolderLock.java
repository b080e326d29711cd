package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a data folder for one process. The operating system lets go of it when the process ends,
 * however it ends; the file itself stays.
 */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path folder) throws StoreException {
    Path file = folder.resolve("lock");
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // held by this very process: refused below like any other holder
    } catch (IOException e) {
      close(channel);
      throw new StoreException(
          "data folder %s: cannot be locked (%s)".formatted(folder, Reason.of(e)), e);
    }
    close(channel);
    throw new StoreException(
        "data folder %s: another Speedwell server has it open; stop that server or use another"
                .formatted(folder)
            + " folder",
        null);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // nothing was written through it, and the lock ends with the process at the latest
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
