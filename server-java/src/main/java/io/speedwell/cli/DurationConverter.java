package io.speedwell.cli;

import io.speedwell.run.plan.Durations;
import java.time.Duration;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration as plans write it: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    OptionalLong ms = Durations.parse(text);
    if (ms.isEmpty()) {
      throw new TypeConversionException("'" + text + "' is no duration such as 500ms, 10s or 5m");
    }
    return Duration.ofMillis(ms.getAsLong());
  }
}
