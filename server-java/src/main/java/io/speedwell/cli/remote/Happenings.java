package io.speedwell.cli.remote;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Server-sent events out of lines. Its first element is none of them: it says, with an empty type,
 * that from here on nothing is missed.
 */
final class Happenings implements Iterator<Happening> {
  private final Iterator<String> lines;
  private Happening next;

  Happenings(Iterator<String> lines) {
    this.lines = lines;
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = read();
    }
    return next != null;
  }

  @Override
  public Happening next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Happening here = next;
    next = null;
    return here;
  }

  private Happening read() {
    String type = "";
    try {
      while (lines.hasNext()) {
        String line = lines.next();
        if (line.startsWith("event:")) {
          type = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:")) {
          return new Happening(type, AdminClient.json(line.substring("data:".length())));
        } else if (line.equals(":speedwell")) {
          return new Happening("", AdminClient.json("{}"));
        }
      }
    } catch (UncheckedIOException e) {
      return null; // the connection is lost, which is an end as well
    }
    return null;
  }
}
