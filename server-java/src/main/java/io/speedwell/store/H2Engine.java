package io.speedwell.store;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;

/** H2, in a file of the data folder, whose lock keeps other servers away. */
final class H2Engine implements Engine {
  private final Path folder;

  H2Engine(Path folder) {
    this.folder = folder;
  }

  @Override
  public HikariConfig connections() {
    JdbcDataSource file = new JdbcDataSource(); // no search for drivers, which takes its time
    // without WRITE_DELAY=0 a killed process loses the commits it acknowledged last
    file.setURL(
        "jdbc:h2:file:" + folder.resolve("speedwell") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    HikariConfig config = new HikariConfig();
    config.setDataSource(file);
    return config;
  }

  @Override
  public void hold() {
    // the lock of the folder does
  }

  /** A commit only hands over to the operating system (WRITE_DELAY=0). */
  @Override
  public void sync(Handle handle) {
    handle.execute("CHECKPOINT SYNC");
  }

  /** H2 commits each statement that changes the schema by itself. */
  @Override
  public void keepBefore(Handle handle, String schema) {
    handle.execute("BACKUP TO ?", folder.resolve("schema-" + schema + ".zip").toString());
  }

  @Override
  public String toString() {
    return "data folder " + folder;
  }

  @Override
  public void close() {
    // nothing of its own
  }
}
