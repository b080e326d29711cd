package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where the database is: embedded in the data folder (H2), or a PostgreSQL server. Immutable; what
 * it shows of itself has no secrets.
 */
public final class DatabaseUrl {
  /** H2 in the data folder. */
  public static final DatabaseUrl EMBEDDED = new DatabaseUrl("", Optional.empty());

  private static final String POSTGRESQL = "jdbc:postgresql:";
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final String url;
  private final Optional<String> password;

  private DatabaseUrl(String url, Optional<String> password) {
    this.url = url;
    this.password = password;
  }

  /**
   * A PostgreSQL database.
   *
   * @param url such as {@code jdbc:postgresql://host/database?user=speedwell}
   * @param passwordFile holds the password on its first line, readable for its owner alone
   * @throws StoreException when the URL is of another kind or the file cannot be used
   */
  public static DatabaseUrl of(String url, Optional<Path> passwordFile) throws StoreException {
    if (!url.startsWith(POSTGRESQL)) {
      throw new StoreException(
          "database %s: only %s//HOST/DATABASE is known; without one the data folder has its own"
              .formatted(shown(url), POSTGRESQL),
          null);
    }
    return new DatabaseUrl(
        url, passwordFile.isEmpty() ? Optional.empty() : Optional.of(secret(passwordFile.get())));
  }

  private static String secret(Path file) throws StoreException {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
        throw new StoreException(
            "database password: %s can be read by others; chmod 600 it".formatted(file), null);
      }
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new StoreException(
          "database password: %s cannot be read (%s)".formatted(file, Reason.of(e)), e);
    }
  }

  boolean embedded() {
    return url.isEmpty();
  }

  String jdbc() {
    return url;
  }

  Optional<String> password() {
    return password;
  }

  /** Without user, password and parameters. */
  @Override
  public String toString() {
    return embedded() ? "embedded" : shown(url);
  }

  private static String shown(String url) {
    return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }
}
