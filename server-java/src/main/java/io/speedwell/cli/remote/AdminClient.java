package io.speedwell.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.speedwell.admin.AdminAccess;
import io.speedwell.cli.ExitCodes;
import io.speedwell.cli.Problems;
import io.speedwell.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** A server's admin port, found through its data folder. Blocks; confined to one thread. */
final class AdminClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String API = "/api/v1";

  private final AdminAccess access;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  private AdminClient(AdminAccess access) {
    this.access = access;
  }

  /**
   * The server that has this data folder.
   *
   * @throws UserError when none runs there, or the folder cannot be read
   */
  static AdminClient of(Path data) {
    try {
      return new AdminClient(
          AdminAccess.load(data)
              .orElseThrow(
                  () ->
                      new UserError(
                          ExitCodes.NO_SERVER,
                          "data folder "
                              + data
                              + ": no server with an admin port runs on it (there is no admin.url);"
                              + " start one with 'speedwell server --data "
                              + data
                              + "'")));
    } catch (IOException e) {
      throw Problems.folder(data, e);
    }
  }

  /** The server that runs on this data folder; empty: none does. */
  static Optional<AdminClient> running(Path data) {
    try {
      AdminClient client = of(data);
      client.get("/health");
      return Optional.of(client);
    } catch (UserError e) {
      if (e.exitCode() == ExitCodes.NO_SERVER) {
        return Optional.empty(); // or was killed, and left its address behind
      }
      throw e;
    }
  }

  JsonNode get(String path) {
    return json(text(request(path).GET().build()));
  }

  JsonNode post(String path, String body) {
    return json(text(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build()));
  }

  /** Has a backup made, however long that takes. */
  JsonNode backup(Path to) {
    String query = "?to=" + URLEncoder.encode(to.toString(), StandardCharsets.UTF_8);
    return json(
        text(authorized("/backup" + query).POST(HttpRequest.BodyPublishers.noBody()).build()));
  }

  /** Where a run is found. */
  static String run(String name) {
    return "/runs/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /**
   * Fetches a file, whole or not at all.
   *
   * @return the round it belongs to
   */
  int download(String path, Path file) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    HttpResponse<InputStream> answer =
        send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        throw refused(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Problems.folder(file.toAbsolutePath().getParent(), e);
    }
    return Integer.parseInt(answer.headers().firstValue("speedwell-round").orElse("0"));
  }

  /** What happens from now on; ends with the server. */
  Iterator<Happening> events(String query) {
    HttpResponse<Stream<String>> answer =
        send(authorized("/events" + query).build(), HttpResponse.BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      throw refused(String.join("\n", answer.body().toList()));
    }
    return new Happenings(answer.body().iterator());
  }

  private String text(HttpRequest request) {
    HttpResponse<String> answer = send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw refused(answer.body());
    }
    return answer.body();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UserError(
          ExitCodes.NO_SERVER,
          "no server answers at "
              + access.url()
              + " ("
              + Problems.describe(e)
              + "); if it was killed, start it again",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError(ExitCodes.NO_SERVER, "interrupted", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return authorized(path).timeout(PATIENCE);
  }

  private HttpRequest.Builder authorized(String path) {
    return HttpRequest.newBuilder(URI.create(access.url() + API + path))
        .header("Authorization", "Bearer " + access.token());
  }

  private static UserError refused(String body) {
    String why = json(body).path("error").asText(body);
    return new UserError(ExitCodes.REFUSED, why);
  }

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UserError(
          ExitCodes.NO_SERVER, "what answers is no Speedwell server: " + Problems.describe(e), e);
    }
  }
}
