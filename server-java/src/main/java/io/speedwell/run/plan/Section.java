package io.speedwell.run.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a plan, read key by key. Whatever is wrong is added to the problems, and a value
 * in range is returned in its place, so that reading goes on. One reader owns it.
 */
final class Section {
  static final Pattern INTEGER = Pattern.compile("[-+]?\\d{1,18}");
  static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d{1,4})?");

  private final Problems problems;
  private final String path;
  private final int line;
  private final Map<String, Node> entries;

  private Section(Problems problems, String path, int line, Map<String, Node> entries) {
    this.problems = problems;
    this.path = path;
    this.line = line;
    this.entries = entries;
  }

  /** The node as a section, its keys checked against the known ones of the schema path. */
  static Section of(Problems problems, Node node, String path, String schemaPath) {
    Section section = raw(problems, node, path);
    List<String> known =
        PlanKeys.ALL.stream()
            .filter(key -> key.section().equals(schemaPath))
            .map(Key::name)
            .collect(Collectors.toList());
    for (Map.Entry<String, Node> entry : section.entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(entry.getValue(), section.full(entry.getKey()), advice(entry.getKey(), known));
      }
    }
    return section;
  }

  /** The node as a section with free keys. */
  static Section raw(Problems problems, Node node, String path) {
    Map<String, Node> entries = new LinkedHashMap<>();
    Section section = new Section(problems, path, Problems.line(node), entries);
    if (!(node instanceof MappingNode mapping)) {
      if (!(node instanceof ScalarNode scalar && isNull(scalar))) {
        problems.add(node, path, "a section (key: value) is needed, not %s", kind(node));
      }
      return section;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(tuple.getKeyNode(), path, "a key must be a word");
      } else if (entries.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
        problems.add(key, section.full(key.getValue()), "the key stands here a second time");
      }
    }
    return section;
  }

  private static String advice(String word, List<String> known) {
    Optional<String> near = Nearest.of(word, known);
    if (near.isPresent()) {
      return "unknown key; did you mean %s?".formatted(near.get());
    }
    List<String> elsewhere =
        PlanKeys.ALL.stream()
            .filter(key -> key.name().equals(word))
            .map(Key::path)
            .collect(Collectors.toList());
    if (!elsewhere.isEmpty()) {
      return "unknown key here; %s is known".formatted(String.join(" or ", elsewhere));
    }
    return "unknown key; known here: %s".formatted(String.join(", ", known));
  }

  Map<String, Node> entries() {
    return entries;
  }

  /** The section of this key; an empty one when it is absent. */
  Section section(Key key) {
    Section section = of(problems, child(key), full(key.name()), key.path());
    return new Section(problems, section.path, line(key), section.entries);
  }

  /** The section of this key with free keys; an empty one when it is absent. */
  Section free(Key key) {
    return raw(problems, child(key), full(key.name()));
  }

  private Node child(Key key) {
    Node node = entries.get(key.name());
    return node != null ? node : new MappingNode(Tag.MAP, List.of(), FlowStyle.AUTO);
  }

  boolean has(Key key) {
    return entries.containsKey(key.name());
  }

  /** Line of the key, or of the section when it is absent. */
  int line(Key key) {
    Node node = entries.get(key.name());
    return node == null ? line : Problems.line(node);
  }

  /** Whole number; the fallback when absent, 0 when there is no numeric fallback. */
  long integer(Key key) {
    Optional<String> text = scalar(key);
    if (text.isEmpty()) {
      return INTEGER.matcher(key.fallback()).matches() ? Long.parseLong(key.fallback()) : 0;
    }
    if (!INTEGER.matcher(text.get()).matches()) {
      wrong(key, "a whole number, like %s".formatted(example(key, "10")), text.get());
      return (long) key.min();
    }
    return (long) ranged(key, Long.parseLong(text.get()), text.get());
  }

  /** Number; the fallback when absent, 0 when there is no numeric fallback. */
  double number(Key key) {
    Optional<String> text = scalar(key);
    if (text.isEmpty()) {
      return NUMBER.matcher(key.fallback()).matches() ? Double.parseDouble(key.fallback()) : 0;
    }
    if (!NUMBER.matcher(text.get()).matches()) {
      wrong(key, "a number, like %s".formatted(example(key, "0.1")), text.get());
      return key.min();
    }
    return ranged(key, Double.parseDouble(text.get()), text.get());
  }

  /** Duration in ms; the fallback when absent, 0 when that is no duration. */
  int duration(Key key) {
    String text = scalar(key).orElse("");
    if (text.isEmpty()) {
      return (int) Durations.parse(key.fallback()).orElse(0);
    }
    if (Durations.parse(text).isEmpty()) {
      wrong(key, "a duration, like 500ms, 60s, 2m or 1h", text);
      return (int) key.min();
    }
    return (int) ranged(key, Durations.parse(text).getAsLong(), text);
  }

  /** Text; empty when absent. */
  Optional<String> text(Key key) {
    Optional<String> text = scalar(key);
    text.ifPresent(value -> ranged(key, value.length(), value));
    return text;
  }

  /** One of the constants, written in lower case; the fallback when absent. */
  <E extends Enum<E>> E choice(Key key, Class<E> type) {
    String text = scalar(key).orElse(key.fallback());
    List<String> names =
        List.of(type.getEnumConstants()).stream()
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toList());
    if (!names.contains(text)) {
      String hint = Nearest.of(text, names).map(" (%s?)"::formatted).orElse("");
      wrong(key, "one of " + String.join(", ", names) + hint, text);
      return Enum.valueOf(type, key.fallback().toUpperCase(Locale.ROOT));
    }
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }

  /** The entries of a list; empty, with a problem, when absent or no list. */
  List<Node> list(Key key) {
    Node node = entries.get(key.name());
    if (node == null) {
      missing(key);
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      problems.add(node, full(key.name()), "a list is needed, not %s", kind(node));
      return List.of();
    }
    int size = sequence.getValue().size();
    if (size < key.min() || size > key.max()) {
      problems.add(node, full(key.name()), "%d entries, %s are allowed", size, key.range());
      return List.of();
    }
    return sequence.getValue();
  }

  void problem(Key key, String message, Object... arguments) {
    problems.add(line(key), full(key.name()), message, arguments);
  }

  private Optional<String> scalar(Key key) {
    Node node = entries.get(key.name());
    if (node == null) {
      missing(key);
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar && !isNull(scalar)) {
      return Optional.of(scalar.getValue());
    }
    problems.add(node, full(key.name()), "a value is needed, not %s", kind(node));
    return Optional.empty();
  }

  private void missing(Key key) {
    if (key.required()) {
      problems.add(line, full(key.name()), "is required");
    }
  }

  private double ranged(Key key, double value, String written) {
    if (value < key.min() || value > key.max()) {
      if (key.type() == Key.Type.TEXT) {
        problem(key, "%d characters, %s are allowed", (int) value, key.range());
      } else {
        problem(key, "%s is out of range, %s is allowed", written, key.range());
      }
      return key.min();
    }
    return value;
  }

  private void wrong(Key key, String needed, String found) {
    problem(key, "%s is needed, not \"%s\"", needed, found);
  }

  private static String example(Key key, String otherwise) {
    return NUMBER.matcher(key.fallback()).matches() ? key.fallback() : otherwise;
  }

  static boolean isNull(ScalarNode scalar) {
    return scalar.isPlain() && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
  }

  private static String kind(Node node) {
    if (node instanceof MappingNode) {
      return "a section";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    return isNull((ScalarNode) node) ? "nothing" : "\"" + ((ScalarNode) node).getValue() + "\"";
  }

  private String full(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
