package io.speedwell.cli;

import io.speedwell.store.Retention;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A rule of retention as people write it. */
final class RetentionConverter implements ITypeConverter<Retention> {
  @Override
  public Retention convert(String text) {
    try {
      return Retention.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
