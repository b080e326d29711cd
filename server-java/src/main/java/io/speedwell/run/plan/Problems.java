package io.speedwell.run.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in one file. One reader owns it. */
final class Problems {
  private final String file;
  private final List<PlanException.Problem> found = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(Node where, String key, String message, Object... arguments) {
    add(line(where), key, message, arguments);
  }

  void add(int line, String key, String message, Object... arguments) {
    found.add(new PlanException.Problem(file, line, key, message.formatted(arguments)));
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  int size() {
    return found.size();
  }

  void throwIfAny() throws PlanException {
    if (!found.isEmpty()) {
      found.sort(Comparator.comparingInt(PlanException.Problem::line));
      throw new PlanException(found);
    }
  }
}
