package io.speedwell.model.file;

import io.speedwell.model.Parameters;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A model in every form people ask for, in one folder.
 *
 * @param safetensors {@code NAME.safetensors}
 * @param npz {@code NAME.npz}
 * @param cHeader {@code NAME.h}
 * @param checksums {@code NAME.sha256}: what {@code sha256sum -c} reads, for the three above
 * @param sha256 SHA-256 of the safetensors file, hexadecimal
 */
public record Export(Path safetensors, Path npz, Path cHeader, Path checksums, String sha256) {

  /**
   * Writes the files, each complete or not at all; earlier ones are replaced.
   *
   * @param folder made if it is missing
   * @param name of the files, without suffix
   */
  public static Export write(Path folder, String name, Parameters parameters) throws IOException {
    Files.createDirectories(folder);
    Path safetensors = folder.resolve(name + ".safetensors");
    Path npz = folder.resolve(name + ".npz");
    Path cHeader = folder.resolve(name + ".h");
    Path checksums = folder.resolve(name + ".sha256");
    String sha256 = file(safetensors, out -> SafeTensorsWriter.write(out, parameters));
    String sums =
        line(sha256, safetensors)
            + line(file(npz, out -> NpzWriter.write(out, parameters)), npz)
            + line(file(cHeader, out -> cHeader(out, parameters)), cHeader);
    file(checksums, out -> out.write(sums.getBytes(StandardCharsets.UTF_8)));
    return new Export(safetensors, npz, cHeader, checksums, sha256);
  }

  private interface Content {
    void write(OutputStream out) throws IOException;
  }

  private static void cHeader(OutputStream out, Parameters parameters) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CHeaderWriter.write(writer, parameters);
  }

  private static String line(String sha256, Path file) {
    return sha256 + "  " + file.getFileName() + "\n";
  }

  /** Writes beside the file, then puts it in its place; returns the SHA-256. */
  private static String file(Path file, Content content) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    MessageDigest digest = newDigest();
    try (OutputStream out =
        new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(beside), digest))) {
      content.write(out);
    }
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
