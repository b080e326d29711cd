package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.admin.AdminAccess;
import io.speedwell.gateway.RawDevice;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.file.ModelFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin port of a whole server, over HTTP. */
class AdminPortTest {
  private static final String PLAN =
      """
      name: tiny
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 1, count: 5, deadline: 60s}
      """;

  @TempDir private Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ServerInside inside;
  private AdminAccess access;

  @BeforeEach
  void start() throws IOException {
    inside = ServerInside.start(folder);
    access = AdminAccess.load(folder).orElseThrow();
  }

  @AfterEach
  void stop() throws IOException {
    inside.close();
    assertThat(AdminAccess.load(folder)).isEmpty();
  }

  @Test
  void theTokenIsForItsOwnerAlone() throws Exception {
    for (String file : List.of("admin.token", "admin.url")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    for (String path : List.of("/api/v1/runs", "/api/v1/ready", "/metrics", "/api/v1/none")) {
      assertThat(get(path, "wrong").statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, null).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(get("/api/v1/health", null).body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(get("/api/v1/none").statusCode()).isEqualTo(404);
  }

  @Test
  void aPageThatWasLedHereIsTurnedAway() throws Exception {
    int port = URI.create(access.url()).getPort();
    assertThat(raw("Host: rebound.example:" + port)).startsWith("HTTP/1.1 421 ");
    assertThat(raw("Host: localhost:" + port)).startsWith("HTTP/1.1 200 ");
    assertThat(raw("Host: localhost:" + port, "Origin: http://rebound.example"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw("Host: localhost:" + port, "Origin: null")).startsWith("HTTP/1.1 403 ");
    assertThat(raw("Host: localhost:" + port, "Origin: http://localhost:" + port))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aRunIsStartedSteeredAndDownloaded() throws Exception {
    assertThat(json(get("/api/v1/runs")).get("runs")).isEmpty();
    HttpResponse<String> created = post("/api/v1/runs", PLAN);
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(post("/api/v1/runs", PLAN).statusCode()).isEqualTo(409);
    awaitState("running");
    assertThat(post("/api/v1/runs/tiny/resume", "").statusCode()).isEqualTo(409);
    assertThat(json(post("/api/v1/runs/tiny/pause", "")).get("state").asText()).isEqualTo("paused");
    assertThat(json(post("/api/v1/runs/tiny/resume", "")).get("state").asText())
        .isEqualTo("running");
    try (RawDevice device = new RawDevice(inside.address()).enter("d")) {
      Updates.train(device, 1, 2, 3);
      assertThat(device.read().hasAccepted()).isTrue();
      assertThat(device.read().hasCommitted()).isTrue();
    }
    JsonNode rounds = json(get("/api/v1/runs/tiny/rounds")).get("rounds");
    assertThat(rounds).hasSize(1);
    assertThat(rounds.get(0).get("devices").asInt()).isEqualTo(1);
    assertThat(json(get("/api/v1/runs/tiny/rounds?after=1")).get("rounds")).isEmpty();
    for (String format : List.of("safetensors", "npz")) {
      assertThat(model("round=1&format=" + format, "m." + format)).containsExactly(1, 2, 3);
      assertThat(model("format=" + format, "n." + format)).containsExactly(1, 2, 3);
    }
    assertThat(get("/api/v1/runs/tiny/model?round=7").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/runs/tiny/model?round=x").statusCode()).isEqualTo(400);
    assertThat(get("/api/v1/runs/tiny/model?format=csv").statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/runs/tiny/stop?now=true", "").statusCode()).isEqualTo(200);
    awaitState("ended");
    assertThat(get("/metrics").body())
        .contains("speedwell_rounds_total{outcome=\"committed\",run=\"tiny\"} 1.0")
        .contains("speedwell_round_bytes_total{direction=\"received\",run=\"tiny\"}")
        .contains("speedwell_round_phase_seconds_count{phase=\"collecting\",run=\"tiny\"} 1")
        .contains("speedwell_update_budget_bytes{state=\"free\"} 1048576.0")
        .doesNotContain("loss", "example", "device=");
  }

  @Test
  void aPlanThatIsNoneIsRefusedWithEveryProblem() throws Exception {
    HttpResponse<String> answer = post("/api/v1/runs", "name: tiny\nrounds: {goal: 0}\n");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).get("error").asText()).contains("rounds.goal", "model");
    assertThat(post("/api/v1/runs", "#".repeat(2 << 20)).statusCode()).isEqualTo(413);
    assertThat(post("/api/v1/runs/none/pause", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aRunThatIsOnlyStoredIsListedAndIsNotSteered() throws Exception {
    post("/api/v1/runs", PLAN);
    awaitState("running");
    stop();
    start();
    assertThat(json(get("/api/v1/runs/tiny")).get("state").asText()).isEqualTo("stored");
    assertThat(post("/api/v1/runs/tiny/pause", "").statusCode()).isEqualTo(409);
    String another = PLAN.replace("[3]", "[4]");
    HttpResponse<String> refused = post("/api/v1/runs", another);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("under another plan");
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    HttpResponse<Stream<String>> stream =
        http.send(
            request("/api/v1/events?run=tiny", access.token()).build(),
            HttpResponse.BodyHandlers.ofLines());
    var lines = stream.body().iterator();
    assertThat(lines.next()).isEqualTo(":speedwell"); // from here on nothing is missed
    post("/api/v1/runs", PLAN.replace("tiny", "other"));
    post("/api/v1/runs", PLAN);
    assertThat(nextEvent(lines)).isEqualTo("run-started");
    assertThat(nextEvent(lines)).isEqualTo("round-waiting");
    post("/api/v1/runs/tiny/stop", "");
    assertThat(nextEvent(lines)).isEqualTo("run-ended");
  }

  private static String nextEvent(java.util.Iterator<String> lines) {
    while (true) {
      String line = lines.next();
      if (line.startsWith("event:")) {
        return line.substring("event:".length()).strip();
      }
    }
  }

  private void awaitState(String state) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> json(get("/api/v1/runs/tiny")).get("state").asText().equals(state));
  }

  private float[] model(String query, String name) throws Exception {
    HttpResponse<Path> answer =
        http.send(
            request("/api/v1/runs/tiny/model?" + query, access.token()).build(),
            HttpResponse.BodyHandlers.ofFile(folder.resolve(name)));
    assertThat(answer.headers().firstValue("speedwell-round")).contains("1");
    Layout layout = Layout.of(Tensor.f32("w", Rule.MEAN, 3));
    return ModelFiles.load(answer.body(), layout).values();
  }

  private JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return get(path, access.token());
  }

  private HttpResponse<String> get(String path, String token)
      throws IOException, InterruptedException {
    return http.send(request(path, token).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return http.send(
        request(path, access.token()).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.url() + path));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  /** The first line of the answer to a request for health with these headers. */
  private String raw(String... headers) throws IOException {
    URI url = URI.create(access.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      String request =
          "GET /api/v1/health HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }
}
