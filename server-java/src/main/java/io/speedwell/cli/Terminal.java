package io.speedwell.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the output can show. Thread-safe as far as its stream is.
 *
 * @param out where people read
 * @param live a person watches: the line may be rewritten in place
 * @param unicode block characters can be shown
 */
public record Terminal(PrintStream out, boolean live, boolean unicode) {

  /** The process's standard output. */
  public static Terminal standard(Map<String, String> environment) {
    boolean terminal = onTerminal() && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    Charset charset = Charset.forName(System.getProperty("native.encoding", "US-ASCII"));
    boolean unicode = charset.equals(StandardCharsets.UTF_8);
    PrintStream out = new PrintStream(System.out, true, unicode ? charset : StandardCharsets.UTF_8);
    return new Terminal(out, terminal, unicode);
  }

  /** From Java 22 on there is a console without a terminal as well; only there can it be asked. */
  private static boolean onTerminal() {
    if (System.console() == null) {
      return false;
    }
    try {
      return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
