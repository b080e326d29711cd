package io.speedwell.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description and the routes say the same. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private final Map<?, ?> api =
      (Map<?, ?>)
          new Load(LoadSettings.builder().build())
              .loadFromString(new String(OpenApi.text(), StandardCharsets.UTF_8));

  @Test
  void everyRouteIsDescribedAndNothingElse() {
    Set<String> described = new TreeSet<>();
    map(api, "paths")
        .forEach(
            (path, operations) ->
                ((Map<?, ?>) operations)
                    .keySet().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> described.add(method + " " + path)));
    Set<String> served = new TreeSet<>();
    for (AdminServer.Route route :
        AdminServer.routes(
            new AdminServer.Subjects(null, null, null, null, null, null, List::of))) {
      served.add(route.method().name().toLowerCase(Locale.ROOT) + " " + route.path());
    }
    assertThat(described).isEqualTo(served);
  }

  @Test
  void onlyHealthNeedsNoToken() {
    map(api, "paths")
        .forEach(
            (path, operations) ->
                ((Map<?, ?>) operations)
                    .forEach(
                        (method, operation) -> {
                          if (operation instanceof Map<?, ?> described
                              && described.get("security") instanceof List<?> security
                              && security.isEmpty()) {
                            assertThat(path).isEqualTo("/api/v1/health");
                          }
                        }));
    assertThat(map(map(api, "paths"), "/api/v1/health").toString()).contains("security=[]");
  }

  @Test
  void schemasNameTheFieldsThatAreSent() {
    Map<?, ?> schemas = map(map(api, "components"), "schemas");
    assertThat(fields(schemas, "Run")).isEqualTo(components(Views.Run.class));
    assertThat(fields(schemas, "Round")).isEqualTo(components(Views.Round.class));
    assertThat(fields(schemas, "PastRound")).isEqualTo(components(History.Round.class));
    assertThat(fields(schemas, "Backup")).isEqualTo(components(Backups.Made.class));
    assertThat(fields(schemas, "Ready")).isEqualTo(components(Views.Ready.class));
    assertThat(fields(schemas, "Health")).isEqualTo(components(Views.Health.class));
  }

  private static Set<String> fields(Map<?, ?> schemas, String name) {
    return map(map(schemas, name), "properties").keySet().stream()
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  private static Set<String> components(Class<? extends Record> view) {
    return Arrays.stream(view.getRecordComponents())
        .map(component -> component.getName())
        .collect(Collectors.toSet());
  }

  private static Map<?, ?> map(Map<?, ?> in, String key) {
    return (Map<?, ?>) in.get(key);
  }
}
