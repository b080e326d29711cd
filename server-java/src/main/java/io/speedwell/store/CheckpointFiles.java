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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      try (DurableFile durable = DurableFile.create(part);
          OutputStream out = new BufferedOutputStream(new DigestOutputStream(durable, digest))) {
        content(out, checkpoint);
      }
      String sha256 = HexFormat.of().formatHex(digest.digest());
      Files.move(part, file(sha256), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.syncFolder(folder); // makes the new name durable
      return sha256;
    } catch (IOException e) {
      discard(part); // a full disk has no room for it
      throw new StoreException(
          "checkpoint of round %d of run %s: cannot be written to %s (%s)"
              .formatted(checkpoint.round(), checkpoint.run(), folder, Reason.of(e)),
          e);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // swept at the next start
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
        ("checkpoint of round %d of run %s: %s %s; put the file back from a backup, or roll"
                + " the run back to an earlier round")
            .formatted(round, run, file, what),
        cause);
  }

  /** Copies a checkpoint out, its hash checked. */
  void copy(String sha256, Path to) throws StoreException {
    transfer(file(sha256), to, sha256);
  }

  /** Takes a checkpoint in, its hash checked. */
  void take(Path from, String sha256) throws StoreException {
    transfer(from, file(sha256), sha256);
  }

  private static void transfer(Path from, Path to, String sha256) throws StoreException {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(from);
        DurableFile durable = DurableFile.create(to);
        OutputStream out = new DigestOutputStream(durable, digest)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new StoreException(
          "checkpoint %s: cannot be copied to %s (%s)".formatted(from, to, Reason.of(e)), e);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
      throw new StoreException(
          "checkpoint %s: is damaged: its SHA-256 is not its name; put the file back from a backup"
              .formatted(from),
          null);
    }
  }

  /** Whether there is any checkpoint. */
  boolean any() throws StoreException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> whole(file.getFileName().toString()));
    } catch (IOException e) {
      throw new StoreException(
          "checkpoints: %s cannot be listed (%s)".formatted(folder, Reason.of(e)), e);
    }
  }

  /** Deletes a checkpoint; one that is not there is no error. */
  void delete(String sha256) throws StoreException {
    try {
      Files.deleteIfExists(file(sha256));
    } catch (IOException e) {
      throw new StoreException(
          "checkpoint %s: cannot be deleted (%s)".formatted(file(sha256), Reason.of(e)), e);
    }
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
        || whole(name) && !known.contains(name.substring(0, name.length() - SUFFIX.length()));
  }

  private static boolean whole(String name) {
    return name.matches("[0-9a-f]{64}\\" + SUFFIX);
  }

  /** The file's name. */
  static String name(String sha256) {
    return sha256 + SUFFIX;
  }

  private Path file(String sha256) {
    return folder.resolve(name(sha256));
  }

  /** The SHA-256 of a file, hexadecimal. */
  static String hash(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Begins a SHA-256. */
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
