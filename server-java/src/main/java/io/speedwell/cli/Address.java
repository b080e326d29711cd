package io.speedwell.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code HOST:PORT}, an IPv6 address in brackets. */
public final class Address {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]]+):(\\d{1,5})");
  private static final int PORT_MAX = 65_535;

  private Address() {}

  public static final class Converter implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > PORT_MAX) {
        throw new TypeConversionException("'" + text + "' is no HOST:PORT such as 127.0.0.1:7700");
      }
      try {
        return new InetSocketAddress(
            InetAddress.getByName(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      } catch (UnknownHostException e) {
        throw new TypeConversionException("'" + matcher.group(1) + "' is no known host");
      }
    }
  }

  /** As people write it. */
  public static String format(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
