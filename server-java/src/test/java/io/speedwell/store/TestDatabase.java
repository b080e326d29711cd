package io.speedwell.store;

import io.speedwell.run.StoreException;
import java.util.Optional;

/** The databases that every test of the store runs on. */
enum TestDatabase {
  H2 {
    @Override
    DatabaseUrl fresh() {
      return DatabaseUrl.EMBEDDED;
    }
  },
  POSTGRESQL {
    @Override
    DatabaseUrl fresh() throws Exception {
      return url(Shared.server().newDatabase());
    }
  };

  /** Where an empty database is; that of H2 is wherever its folder is. */
  abstract DatabaseUrl fresh() throws Exception;

  static DatabaseUrl url(String jdbc) throws StoreException {
    return DatabaseUrl.of(jdbc, Optional.empty());
  }

  /** One server for all tests of this process; it ends with it. */
  private static final class Shared {
    private static PostgresServer server;

    private static synchronized PostgresServer server() throws Exception {
      if (server == null) {
        server = PostgresServer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(Shared::end));
      }
      return server;
    }

    private static void end() {
      try {
        server.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
