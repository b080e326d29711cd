package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.admin.AdminAccess;
import io.speedwell.gateway.ConnectionLimits;
import io.speedwell.gateway.RawDevice;
import io.speedwell.protocol.ByeReason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets from a whole server that had something to do. */
class MetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PLAN =
      """
      name: tiny
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 1, count: 5, deadline: 60s}
      """;

  private static final Pattern OURS = Pattern.compile("(?m)^speedwell_[a-z_]+");
  private static final Pattern DOCUMENTED = Pattern.compile("`(speedwell_[a-z_]+)[{`]");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private ServerInside server;
  private AdminAccess access;

  @BeforeEach
  void start() throws IOException {
    server = ServerInside.start(folder, new ConnectionLimits(2, 0, 10, 1_000));
    access = AdminAccess.load(folder).orElseThrow();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everythingAnOperatorMustSeeIsThereAndNothingOfADevice() throws Exception {
    askFor("/api/v1/runs", PLAN);
    try (RawDevice device = new RawDevice(server.address()).enter("car-4711");
        RawDevice broken = new RawDevice(server.address())) {
      try (RawDevice tooMany = new RawDevice(server.address())) {
        assertThatThrownBy(tooMany::read).isInstanceOf(IOException.class);
      }
      broken.sendHex("00");
      assertThat(broken.read().getBye().getReason()).isEqualTo(ByeReason.BYE_MALFORMED_VALUE);
      broken.close();
      long run = Updates.measured(device, 4812, 7.25f, 6.75f, 1, 2, 3);
      assertThat(device.read().hasAccepted()).isTrue();
      assertThat(device.read().hasCommitted()).isTrue();
      Updates.trainAgain(device, run, Float.NaN, 0, 0);
      assertThat(device.read().hasCancel()).isTrue();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> scrape().contains("speedwell_connections 1.0"));

      System.gc(); // nothing that counts is forgotten
      String figures = scrape();
      assertThat(figures)
          .contains("speedwell_connections_refused_total{reason=\"total\"} 1.0")
          .contains("speedwell_connections_refused_total{reason=\"strangers\"} 0.0")
          .contains("speedwell_goodbyes_total{reason=\"malformed\"} 1.0")
          .contains("speedwell_goodbyes_total{reason=\"silent\"} 0.0")
          .contains("speedwell_devices_present 1.0")
          .contains("speedwell_rounds_total{outcome=\"committed\",run=\"tiny\"} 1.0")
          .contains("speedwell_updates_total{run=\"tiny\"} 1.0")
          .containsPattern("speedwell_refusals_total\\{reason=\".+\",run=\"tiny\"} 1.0")
          .contains("speedwell_update_budget_bytes{state=\"all\"} 1048576.0")
          .contains("speedwell_update_budget_bytes{state=\"free\"} 1048576.0")
          .contains("speedwell_update_budget_waiting 0.0")
          .contains("speedwell_mailbox_waiting ", "speedwell_mailbox_overruns_total 0.0")
          .contains("speedwell_folds_waiting 0.0", "speedwell_store_waiting 0.0")
          .contains("speedwell_events_waiting ");
      for (String phase : new String[] {"selecting", "configuring", "collecting", "folding"}) {
        assertThat(figures)
            .contains(
                "speedwell_round_phase_seconds_count{phase=\"" + phase + "\",run=\"tiny\"} 1");
      }
      for (String direction : new String[] {"received", "sent"}) {
        double ofRound = value(figures, "speedwell_round_bytes_total{direction=\"" + direction);
        double ofAll = value(figures, "speedwell_connection_bytes_total{direction=\"" + direction);
        assertThat(ofRound).isGreaterThan(12); // the model, or the update
        assertThat(ofAll).as("greetings and the refused update as well").isGreaterThan(ofRound);
      }
      assertThat(figures).doesNotContain("car-4711", "4812", "7.25", "6.75", "loss", "examples");
    }
  }

  @Test
  void everyFigureIsInTheDocs() throws Exception {
    askFor("/api/v1/runs", PLAN);
    try (RawDevice device = new RawDevice(server.address()).enter("d")) {
      long run = Updates.train(device, 1, 2, 3);
      assertThat(device.read().hasAccepted()).isTrue();
      assertThat(device.read().hasCommitted()).isTrue();
      Updates.trainAgain(device, run, Float.NaN, 0, 0);
      assertThat(device.read().hasCancel()).isTrue();
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> scrape().contains("speedwell_devices_left_total 1.0"));
    Set<String> shown =
        names(OURS, scrape(), 0).stream()
            .map(name -> name.replaceFirst("_(bucket|count|sum|max)$", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    shown.add("speedwell_store_failures_total"); // comes with the first of them
    Set<String> documented = names(DOCUMENTED, Files.readString(Path.of("docs/admin.md")), 1);
    assertThat(documented).isEqualTo(shown);
  }

  private static Set<String> names(Pattern pattern, String text, int group) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(group))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static double value(String figures, String begin) {
    String line = figures.lines().filter(each -> each.startsWith(begin)).findAny().orElseThrow();
    return Double.parseDouble(line.substring(line.lastIndexOf(' ')));
  }

  private String scrape() throws IOException, InterruptedException {
    return send(request("/metrics").build());
  }

  private void askFor(String path, String body) throws IOException, InterruptedException {
    send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(access.url() + path))
        .header("Authorization", "Bearer " + access.token());
  }
}
