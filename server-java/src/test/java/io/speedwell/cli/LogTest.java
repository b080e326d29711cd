package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.speedwell.admin.EventLog;
import io.speedwell.gateway.RawDevice;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunListeners;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything a server says of a run, at the most talkative level. */
class LogTest {
  private static final String PLAN =
      """
      name: tiny
      model:
        tensors:
          - {name: w, shape: [2]}
      rounds: {goal: 2, count: 1, deadline: 60s}
      """;

  /** Figures of the two devices, found nowhere else, and their updates. */
  private static final List<String> SECRETS =
      List.of("7919", "6133", "0.3713", "0.1597", "0.2741", "0.4391", "0.8231", "0.6607");

  @TempDir private Path work;
  private final ch.qos.logback.classic.Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> all =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(
              event.getLoggerName()
                  + " "
                  + event.getFormattedMessage()
                  + " "
                  + event.getKeyValuePairs());
        }
      };
  private Level before;

  @BeforeEach
  void listen() {
    before = root.getLevel();
    all.setContext(root.getLoggerContext());
    all.start();
    root.addAppender(all);
    root.setLevel(Level.INFO);
    root.getLoggerContext().getLogger("io.speedwell").setLevel(Level.TRACE);
  }

  @AfterEach
  void quiet() {
    root.detachAppender(all);
    root.setLevel(before);
    root.getLoggerContext().getLogger("io.speedwell").setLevel(null);
  }

  @Test
  void whatADeviceMeasuredIsNowhere() throws Exception {
    StringWriter console = new StringWriter();
    CompletableFuture<Checkpoint> ended = new CompletableFuture<>();
    RunListener end =
        new RunListener() {
          @Override
          public void runEnded(String run, String why, Checkpoint last) {
            ended.complete(last);
          }
        };
    RunListener listener =
        new RunListeners(
            EventLog.listener(), new ConsoleListener(new PrintWriter(console, true)), end);
    try (ServerInside server = ServerInside.start(work.resolve("data"), listener);
        RawDevice one = new RawDevice(server.address()).enter("device-one");
        RawDevice two = new RawDevice(server.address()).enter("device-two")) {
      String plan = Files.writeString(work.resolve("plan.yaml"), PLAN).toString();
      Main.run(
          new String[] {"run", "start", plan, "--data", work.resolve("data").toString()},
          Map.of(),
          new PrintWriter(console, true),
          new PrintWriter(console, true));
      Updates.measured(one, 7919, 0.3713f, 0.1597f, 0.2741f, 0.4391f);
      Updates.measured(two, 6133, 0.8231f, 0.6607f, 0.2741f, 0.4391f);
      assertThat(ended.get(30, TimeUnit.SECONDS).summary().examples()).isEqualTo(7919 + 6133);
    }
    String said = String.join("\n", lines) + console;
    assertThat(said)
        .contains("device-joined", "device-one", "round-committed", "round 1 committed: 2 devices")
        .doesNotContain(SECRETS.toArray(String[]::new));
  }
}
