package io.speedwell.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.util.Map;

/** Answers in JSON. Pure functions. */
final class Replies {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Replies() {}

  static HttpResponse json(HttpStatus status, Object value) {
    return HttpResponse.of(status, MediaType.JSON_UTF_8, text(value));
  }

  /** {@code {"error": "..."}}. */
  static HttpResponse error(HttpStatus status, String message) {
    return json(status, Map.of("error", message));
  }

  static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("views are plain records", e);
    }
  }
}
