package io.speedwell.admin;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import io.speedwell.run.Coordinator;
import io.speedwell.run.RunStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The admin port. Thread-safe. */
public final class AdminServer implements AutoCloseable {
  private static final int BODY_MAX = 1 << 20; // bytes; a plan is some kilobytes
  private static final int CONNECTIONS_MAX = 256;
  private static final int BLOCKING_THREADS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMinutes(2);
  private static final String API = "/api/v1";
  private static final String HEALTH = API + "/health";

  /** One operation: what openapi.yaml describes. */
  record Route(HttpMethod method, String path, HttpService service) {}

  /**
   * What the admin port shows and steers.
   *
   * @param coordinator the runs
   * @param store their history
   * @param plans takes plans in
   * @param backups copies what is durable
   * @param events what happens
   * @param metrics figures
   * @param problems why the server is not ready, in sentences; empty: it is
   */
  public record Subjects(
      Coordinator coordinator,
      RunStore store,
      PlanIntake plans,
      Backups backups,
      EventHub events,
      Metrics metrics,
      Supplier<List<String>> problems) {}

  private final Server server;

  private AdminServer(Server server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param address port 0 takes any free one
   * @param token what every request but that for health must show
   * @throws IOException when the address cannot be listened on
   */
  public static AdminServer start(InetSocketAddress address, String token, Subjects subjects)
      throws IOException {
    ServerBuilder builder =
        Server.builder()
            .http(address)
            .maxRequestLength(BODY_MAX)
            .maxNumConnections(CONNECTIONS_MAX)
            .requestTimeout(PATIENCE)
            .idleTimeout(IDLE)
            .blockingTaskExecutor(BLOCKING_THREADS)
            .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
            .disableServerHeader()
            .disableDateHeader()
            .errorHandler(errors());
    for (Route route : routes(subjects)) {
      builder.route().methods(route.method()).path(route.path()).build(route.service());
    }
    builder.serviceUnder("/", (context, request) -> nothing(context));
    builder.decorator(new Guard(token, address.getHostString(), HEALTH));
    Server server = builder.build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
    return new AdminServer(server);
  }

  /** The address that is listened on. */
  public InetSocketAddress address() {
    return server.activePort().localAddress();
  }

  /** Every operation there is. */
  static List<Route> routes(Subjects subjects) {
    RunService runs = new RunService(subjects.coordinator(), subjects.store(), subjects.plans());
    ModelService models = new ModelService(subjects.store());
    String run = API + "/runs/{run}";
    List<Route> routes = new ArrayList<>();
    routes.add(get(HEALTH, (c, r) -> Replies.json(HttpStatus.OK, new Views.Health("up"))));
    routes.add(get(API + "/ready", (c, r) -> ready(subjects.problems().get())));
    routes.add(get(API + "/openapi.yaml", (c, r) -> OpenApi.response()));
    routes.add(get(API + "/events", (c, r) -> events(c, subjects.events())));
    routes.add(get("/metrics", (c, r) -> subjects.metrics().response()));
    routes.add(post(API + "/backup", new BackupService(subjects.backups())::make));
    routes.add(get(API + "/runs", runs::list));
    routes.add(post(API + "/runs", runs::start));
    routes.add(get(run, runs::get));
    routes.add(get(run + "/rounds", runs::rounds));
    routes.add(get(run + "/history", runs::history));
    routes.add(get(run + "/model", models::get));
    routes.add(post(run + "/pause", runs::pause));
    routes.add(post(run + "/resume", runs::resume));
    routes.add(post(run + "/stop", runs::stop));
    routes.add(post(run + "/rollback", runs::rollBack));
    return routes;
  }

  private static Route get(String path, HttpService service) {
    return new Route(HttpMethod.GET, path, service);
  }

  private static Route post(String path, HttpService service) {
    return new Route(HttpMethod.POST, path, service);
  }

  private static HttpResponse ready(List<String> problems) {
    boolean ready = problems.isEmpty();
    return Replies.json(
        ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, new Views.Ready(ready, problems));
  }

  private static HttpResponse events(ServiceRequestContext context, EventHub hub) {
    context.clearRequestTimeout();
    return ServerSentEvents.fromPublisher(hub.open(Queries.text(context, "run", "")));
  }

  private static HttpResponse nothing(ServiceRequestContext context) {
    return Replies.error(
        HttpStatus.NOT_FOUND,
        "%s %s: there is no such operation; %s/openapi.yaml lists them"
            .formatted(context.method(), context.path(), API));
  }

  /** Everything that went wrong, in the one form of this interface. */
  private static ServerErrorHandler errors() {
    return new ServerErrorHandler() {
      @Override
      public HttpResponse onServiceException(ServiceRequestContext context, Throwable problem) {
        if (problem instanceof AdminException known) {
          return Replies.error(known.status(), known.getMessage());
        }
        return null; // renderStatus says it
      }

      @Override
      public AggregatedHttpResponse renderStatus(
          ServiceRequestContext context,
          ServiceConfig config,
          RequestHeaders headers,
          HttpStatus status,
          String description,
          Throwable cause) {
        return AggregatedHttpResponse.of(
            status,
            MediaType.JSON_UTF_8,
            Replies.text(
                Map.of("error", description == null ? status.reasonPhrase() : description)));
      }
    };
  }

  /**
   * Takes no more requests, ends readers of events and downloads under way. Does not wait for its
   * threads: they need two seconds to be sure that nobody gives them anything more.
   */
  @Override
  public void close() {
    server.stop();
  }
}
