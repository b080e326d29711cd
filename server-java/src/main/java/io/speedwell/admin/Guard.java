package io.speedwell.admin;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;

/**
 * Lets in who shows the token, and no browser that was led here: the host a request names must be
 * an address, this machine, or what the port is bound to (a name that was rebound is neither), and
 * an origin must be the admin port's own. Immutable.
 */
final class Guard implements DecoratingHttpServiceFunction {
  private static final String BEARER = "Bearer ";

  private final byte[] token;
  private final String boundTo;
  private final String open;

  /**
   * @param boundTo the host name the port is bound to, as it was given
   * @param open the one path that needs no token
   */
  Guard(String token, String boundTo, String open) {
    this.token = token.getBytes(StandardCharsets.US_ASCII);
    this.boundTo = boundTo.toLowerCase(Locale.ROOT);
    this.open = open;
  }

  @Override
  public HttpResponse serve(HttpService inner, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    String host = hostOf("http://" + request.authority());
    if (!expected(host)) {
      return Replies.error(
          HttpStatus.MISDIRECTED_REQUEST,
          "Host '%s' is not this server's; use its address".formatted(request.authority()));
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin != null && !origin.equals("http://" + request.authority())) {
      return Replies.error(
          HttpStatus.FORBIDDEN, "pages of '%s' may not use the admin port".formatted(origin));
    }
    if (!context.path().equals(open) && !authorized(request)) {
      return HttpResponse.builder()
          .status(HttpStatus.UNAUTHORIZED)
          .header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"speedwell\"")
          .content(
              MediaType.JSON_UTF_8,
              Replies.text(
                  Map.of(
                      "error",
                      "the token is missing or wrong: send 'Authorization: Bearer' with the content"
                          + " of admin.token in the data folder")))
          .build();
    }
    return inner.serve(context, request);
  }

  private boolean authorized(HttpRequest request) {
    String shown = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
    return shown.startsWith(BEARER)
        && MessageDigest.isEqual(
            token, shown.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  private boolean expected(String host) {
    return host != null
        && (host.equals("localhost")
            || host.equals(boundTo)
            || host.startsWith("[")
            || host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+"));
  }

  /** The host of an address, lower case; null: there is none. */
  private static String hostOf(String address) {
    try {
      String host = URI.create(address).getHost();
      return host == null ? null : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
