package io.speedwell.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file whose content is on the disk once it is closed. The name is, once its folder is synced.
 */
final class DurableFile extends FilterOutputStream {
  private final FileChannel channel;

  private DurableFile(FileChannel channel) {
    super(Channels.newOutputStream(channel));
    this.channel = channel;
  }

  /** Begins a file, in the place of an earlier one. */
  static DurableFile create(Path file) throws IOException {
    return new DurableFile(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  /** Makes names in a folder durable. */
  static void syncFolder(Path folder) throws IOException {
    try (FileChannel directory = FileChannel.open(folder)) {
      directory.force(true);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
