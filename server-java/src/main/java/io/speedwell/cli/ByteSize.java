package io.speedwell.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as people write it: {@code 65536}, {@code 64K}, {@code 256M}, {@code 2G}. */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMG]?)");

  @Override
  public String toString() {
    String[] units = {"", "K", "M", "G"};
    long value = bytes;
    int unit = 0;
    while (unit < 3 && value != 0 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return value + units[unit];
  }

  public static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no size such as 65536, 64K, 256M, 2G");
      }
      int shift = 10 * " KMG".indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2));
      return new ByteSize(Long.parseLong(matcher.group(1)) << shift);
    }
  }
}
