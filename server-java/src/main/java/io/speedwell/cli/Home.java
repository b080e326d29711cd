package io.speedwell.cli;

import java.nio.file.Path;
import java.util.Optional;

/** The checkout the launcher belongs to. */
public final class Home {
  private Home() {}

  /** What was given; or, if that is null, a place in the checkout. */
  public static Path below(Path given, String place) {
    String home = Optional.ofNullable(System.getenv("SPEEDWELL_HOME")).orElse("");
    return given != null ? given : Path.of(home).resolve(place);
  }
}
