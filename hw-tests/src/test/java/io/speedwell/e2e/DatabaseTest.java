package io.speedwell.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.admin.AdminAccess;
import io.speedwell.store.DatabaseUrl;
import io.speedwell.store.PostgresServer;
import io.speedwell.store.Retention;
import io.speedwell.store.StoreSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server process on a PostgreSQL server; both crash, and the database says nothing. */
@Tag("faults")
class DatabaseTest {
  private static final String FAILED = "the store failed";
  private static final String BACK = "the store works again";

  @TempDir private Path folder;
  private PostgresServer postgres;
  private Scene scene;

  private enum Crash {
    DATABASE,
    SERVER,
    BOTH
  }

  @BeforeEach
  void prepare() throws Exception {
    postgres = PostgresServer.start();
    String jdbc = postgres.newDatabase();
    scene =
        new Scene(
            folder,
            folder.resolve("data"),
            new StoreSettings(DatabaseUrl.of(jdbc, Optional.empty()), Retention.ALL),
            "--database",
            jdbc,
            "--drain",
            "2s");
  }

  @AfterEach
  void end() throws Exception {
    scene.close();
    postgres.close();
  }

  @Test
  void crashes() throws Exception {
    crash(1, new Random(1));
  }

  @Test
  @Tag("slow")
  void fiftyCrashes() throws Exception {
    crash(17, new Random(2));
  }

  private void crash(int each, Random random) throws Exception {
    scene.start();
    for (int i = 0; i < each * Crash.values().length; i++) {
      scene.awaitRounds(1);
      scene
          .server()
          .endsWithin(random.nextInt(200), TimeUnit.MILLISECONDS); // any moment of a round
      switch (Crash.values()[i % Crash.values().length]) {
        case DATABASE -> {
          int failures = scene.said(FAILED);
          int back = scene.said(BACK);
          postgres.kill();
          scene.server().awaitLines(FAILED, failures + 1);
          postgres.run();
          scene.server().awaitLines(BACK, back + 1);
        }
        case SERVER -> {
          scene.server().kill();
          scene.start();
        }
        case BOTH -> {
          postgres.kill();
          scene.server().kill();
          postgres.run();
          scene.start();
        }
        default -> throw new AssertionError();
      }
    }
    scene.audit();
  }

  @Test
  void theEndComesInTimeThoughTheDatabaseHangs() throws Exception {
    Child server = scene.start();
    scene.awaitRounds(1);
    server.awaitLine("admin port on ");
    postgres.freeze();
    try {
      Awaitility.await().atMost(Child.PATIENCE).until(this::commitHangs);
      server.terminate();
      assertThat(server.awaitExit()).as(String.join("\n", server.lines())).isEqualTo(143);
    } finally {
      postgres.goOn();
    }
    assertThat(server.lines())
        .anyMatch(
            line -> line.contains("the end took longer than 2000 ms, the store does not answer"));
    scene.audit();
  }

  /** Whether a round waits for the store: with the database frozen it does so for ever. */
  private boolean commitHangs() throws IOException, InterruptedException {
    AdminAccess access = AdminAccess.load(folder.resolve("data")).orElseThrow();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(access.url() + "/api/v1/runs/" + Scene.RUN))
            .header("Authorization", "Bearer " + access.token())
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .contains("\"phase\":\"folding\"");
  }
}
