package io.speedwell.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * How the admin port is reached: two files of mode 600 in the data folder, {@code admin.url} and
 * {@code admin.token}, there while the server runs. Immutable.
 *
 * @param url such as {@code http://127.0.0.1:7701}
 * @param token what requests show
 */
public record AdminAccess(String url, String token) {
  private static final String URL_FILE = "admin.url";
  private static final String TOKEN_FILE = "admin.token";
  private static final int TOKEN_BYTES = 32;

  /** A token nobody can guess, for one run of the server. */
  public static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Writes both files; readable by their owner alone. */
  public void save(Path folder) throws IOException {
    write(folder.resolve(TOKEN_FILE), token);
    write(folder.resolve(URL_FILE), url);
  }

  /** What the files say; empty: no server of this folder has an admin port. */
  public static Optional<AdminAccess> load(Path folder) throws IOException {
    Path url = folder.resolve(URL_FILE);
    Path token = folder.resolve(TOKEN_FILE);
    if (!Files.exists(url) || !Files.exists(token)) {
      return Optional.empty();
    }
    return Optional.of(
        new AdminAccess(Files.readString(url).strip(), Files.readString(token).strip()));
  }

  /** Deletes both files. */
  public static void remove(Path folder) throws IOException {
    for (String name : List.of(URL_FILE, TOKEN_FILE)) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(part, (text + "\n").getBytes(StandardCharsets.UTF_8));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
