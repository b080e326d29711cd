package io.speedwell.admin;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the admin port, as it lies beside this class's resources. Pure functions. */
final class OpenApi {
  private static final MediaType YAML = MediaType.parse("application/yaml; charset=utf-8");

  private OpenApi() {}

  static HttpResponse response() {
    return HttpResponse.of(HttpStatus.OK, YAML, text());
  }

  /** openapi.yaml. */
  static byte[] text() {
    try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
