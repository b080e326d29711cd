package io.speedwell.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.run.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/**
 * Copies of a data folder and its database, made while both are used: rows of one moment, and every
 * checkpoint they keep, each checked by its hash. Thread-safe; blocks for as long as the copying
 * takes.
 *
 * <p>A backup is a folder: {@code rows/TABLE.jsonl}, one JSON object a row, whatever the database
 * is; {@code checkpoints/}; and {@code backup.json}, which names every file with its SHA-256. That
 * one is written last: without it there is no backup.
 */
public final class Backup {
  static final String INDEX = "backup.json";
  static final int VERSION = 1;
  static final List<String> TABLES =
      List.of(
          "run_plan",
          "run",
          "committed_round",
          "counted_update",
          "evaluation",
          "evaluation_metric");

  /**
   * What was copied.
   *
   * @param folder where it is
   * @param checkpoints how many checkpoints
   * @param bytes of all files
   */
  public record Made(Path folder, int checkpoints, long bytes) {}

  /**
   * The file {@code backup.json}.
   *
   * @param version of this format
   * @param schema of the database
   * @param tables in the order in which rows can be inserted
   * @param files SHA-256 of every other file, by its path in the backup
   */
  record Index(int version, String schema, List<String> tables, Map<String, String> files) {}

  private final Database database;
  private final CheckpointFiles files;
  private final Lock held;

  /**
   * @param held while it is locked, no checkpoint is deleted
   */
  Backup(Database database, CheckpointFiles files, Lock held) {
    this.database = database;
    this.files = files;
    this.held = held;
  }

  /**
   * Makes a backup.
   *
   * @param folder to make it in; missing or empty
   * @throws StoreException when the folder is not empty or cannot be written, or a checkpoint is
   *     damaged; what is there then is no backup
   */
  public Made make(Path folder) throws StoreException {
    Path absolute = folder.toAbsolutePath().normalize();
    held.lock();
    try {
      Folders.makeEmpty(absolute, "backup");
      Map<String, String> hashes = new TreeMap<>();
      List<String> kept =
          database.readMoment(
              "copying rows",
              handle -> {
                for (String table : TABLES) {
                  String name = "rows/" + table + ".jsonl";
                  hashes.put(name, TableRows.write(handle, table, absolute.resolve(name)));
                }
                return RunRows.checkpoints(handle);
              });
      Folders.make(absolute.resolve("checkpoints"));
      for (String sha256 : kept) {
        String name = "checkpoints/" + CheckpointFiles.name(sha256);
        files.copy(sha256, absolute.resolve(name));
        hashes.put(name, sha256);
      }
      Index index = new Index(VERSION, Schema.version(database), TABLES, hashes);
      finish(absolute, index);
      return new Made(absolute, kept.size(), size(absolute));
    } catch (IOException e) {
      throw new StoreException(
          "backup %s: cannot be written (%s)".formatted(absolute, Reason.of(e)), e);
    } finally {
      held.unlock();
    }
  }

  private static void finish(Path folder, Index index) throws IOException {
    byte[] text = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(index);
    try (OutputStream out = new BufferedOutputStream(DurableFile.create(folder.resolve(INDEX)))) {
      out.write(text);
    }
    for (String name : List.of("rows", "checkpoints", "")) {
      DurableFile.syncFolder(folder.resolve(name));
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
