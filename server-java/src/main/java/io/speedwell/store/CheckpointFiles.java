package io.speedwell.store;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.file.SafeTensorsReader;
import io.speedwell.model.file.SafeTensorsWriter;
import io.speedwell.protocol.BlobFormatException;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checkpoints as files, named by their SHA-256: whatever stands under a name is what was written,
 * or is found damaged when it is read.
 *
 * <p>The format is safetensors, so any tool reads the model: the tensors of the layout in its
 * order; {@code speedwell.state} (U8), the strategy's state, when there is one; and in the header's
 * metadata {@code speedwell.checkpoint} = 1 (the version of this format), {@code speedwell.run},
 * {@code speedwell.run_id} (hexadecimal), {@code speedwell.round} and {@code speedwell.layout}, the
 * layout blob of the protocol in base64, which keeps rules and local tensors.
 */
final class CheckpointFiles {
  /** What a file holds. */
  record Content(Parameters parameters, byte[] state) {}

  private static final String SUFFIX = ".safetensors";
  private static final String PART = ".part";
  private static final String STATE = "speedwell.state";
  private static final String LAYOUT = "speedwell.layout";
  private static final String VERSION = "speedwell.checkpoint";

  private final Path folder;

  private CheckpointFiles(Path folder) {
    this.folder = folder;
  }

  static CheckpointFiles open(Path folder) throws StoreException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StoreException(
          "checkpoints: %s cannot be made (%s)".formatted(folder, Reason.of(e)), e);
    }
    return new CheckpointFiles(folder);
  }

  /** Writes a checkpoint; when this returns, file and name survive a crash. Returns the SHA-256. */
  String write(Checkpoint checkpoint) throws StoreException {
    Path part = folder.resolve(Long.toHexString(checkpoint.runId()) + PART);
    try {
      MessageDigest digest = digest();
      try (FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE);
          OutputStream out =
              new BufferedOutputStream(
                  new DigestOutputStream(Channels.newOutputStream(channel), digest))) {
        content(out, checkpoint);
        out.flush();
        channel.force(true);
      }
      String sha256 = HexFormat.of().formatHex(digest.digest());
      Files.move(part, file(sha256), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory = FileChannel.open(folder)) {
        directory.force(true); // makes the new name durable
      }
      return sha256;
    } catch (IOException e) {
      throw new StoreException(
          "checkpoint of round %d of run %s: cannot be written to %s (%s)"
              .formatted(checkpoint.round(), checkpoint.run(), folder, Reason.of(e)),
          e);
    }
  }

  private static void content(OutputStream out, Checkpoint checkpoint) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(VERSION, "1");
    metadata.put("speedwell.run", checkpoint.run());
    metadata.put("speedwell.run_id", HexFormat.of().toHexDigits(checkpoint.runId()));
    metadata.put("speedwell.round", Integer.toString(checkpoint.round()));
    byte[] layout = checkpoint.parameters().layout().toBlob();
    metadata.put(LAYOUT, Base64.getEncoder().encodeToString(layout));
    byte[] state = checkpoint.strategyState();
    Map<String, byte[]> extra = state.length == 0 ? Map.of() : Map.of(STATE, state);
    SafeTensorsWriter.write(out, checkpoint.parameters(), metadata, extra);
  }

  /** Reads a checkpoint back, its hash checked first. */
  Content read(String sha256, String run, int round) throws StoreException {
    Path file = file(sha256);
    try {
      if (!hash(file).equals(sha256)) {
        throw unusable(file, run, round, "is damaged: its SHA-256 is not its name", null);
      }
      SafeTensorsReader reader = SafeTensorsReader.read(file);
      String version = reader.metadata().getOrDefault(VERSION, "none");
      if (!version.equals("1")) {
        throw unusable(file, run, round, "has format version " + version + ", not 1", null);
      }
      byte[] blob = Base64.getDecoder().decode(reader.metadata().getOrDefault(LAYOUT, ""));
      Parameters parameters = reader.loadAmongOthers(Layout.fromBlob(blob));
      return new Content(parameters, reader.bytes(STATE, Integer.MAX_VALUE - 8));
    } catch (NoSuchFileException e) {
      throw unusable(file, run, round, "is missing", e);
    } catch (IOException | IllegalArgumentException | BlobFormatException e) {
      throw unusable(file, run, round, "cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private static StoreException unusable(
      Path file, String run, int round, String what, Exception cause) {
    return new StoreException(
        ("checkpoint of round %d of run %s: %s %s; put the file back from a backup, or begin anew"
                + " in another data folder")
            .formatted(round, run, file, what),
        cause);
  }

  /** Deletes files that are not among these, and half-written ones. Returns how many. */
  int sweep(Set<String> known) throws StoreException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> orphans = files.filter(file -> orphan(file, known)).toList();
      for (Path orphan : orphans) {
        Files.delete(orphan);
      }
      return orphans.size();
    } catch (IOException e) {
      throw new StoreException(
          "checkpoints: %s cannot be swept (%s)".formatted(folder, Reason.of(e)), e);
    }
  }

  /** Only what this class wrote: a stranger's file stays. */
  private static boolean orphan(Path file, Set<String> known) {
    String name = file.getFileName().toString();
    return name.matches("[0-9a-f]{1,16}\\" + PART)
        || name.matches("[0-9a-f]{64}\\" + SUFFIX)
            && !known.contains(name.substring(0, name.length() - SUFFIX.length()));
  }

  private Path file(String sha256) {
    return folder.resolve(sha256 + SUFFIX);
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
