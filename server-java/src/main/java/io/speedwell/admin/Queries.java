package io.speedwell.admin;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Set;

/** What stands behind the {@code ?} of a request. Pure functions. */
final class Queries {
  private static final Set<String> YES = Set.of("", "true", "1");
  private static final Set<String> NO = Set.of("false", "0");

  private Queries() {}

  static int number(ServiceRequestContext context, String name, int fallback) {
    String text = context.queryParam(name);
    if (text == null) {
      return fallback;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new AdminException(
          HttpStatus.BAD_REQUEST, "%s=%s: a whole number is wanted".formatted(name, text));
    }
    return Integer.parseInt(text);
  }

  static boolean flag(ServiceRequestContext context, String name) {
    String text = context.queryParam(name);
    if (text != null && !YES.contains(text) && !NO.contains(text)) {
      throw new AdminException(
          HttpStatus.BAD_REQUEST, "%s=%s: true or false is wanted".formatted(name, text));
    }
    return text != null && YES.contains(text);
  }

  static String text(ServiceRequestContext context, String name, String fallback) {
    String text = context.queryParam(name);
    return text == null ? fallback : text;
  }
}
