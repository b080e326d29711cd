package io.speedwell.run.plan;

import io.speedwell.model.ElementType;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the section model of a plan and holds it against the section data. */
final class ModelReader {
  private static final String HE = PlanKeys.INITIAL.fallback();

  private final Problems problems;
  private final Path folder;

  ModelReader(Problems problems, Path folder) {
    this.problems = problems;
    this.folder = folder;
  }

  /** The model; empty when a problem was found in it. */
  Optional<Plan.Model> read(Section top, Plan.Data data) {
    Section section = top.section(PlanKeys.MODEL);
    int before = problems.size();
    Optional<Path> initial = initial(section);
    List<Tensor> tensors = new ArrayList<>();
    List<Node> nodes = section.list(PlanKeys.TENSORS);
    for (int i = 0; i < nodes.size(); i++) {
      tensor(nodes.get(i), "model.tensors[%d]".formatted(i)).ifPresent(tensors::add);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    checkData(top.section(PlanKeys.DATA), data, tensors);
    try {
      return Optional.of(new Plan.Model(Layout.of(tensors), initial));
    } catch (IllegalArgumentException e) {
      section.problem(PlanKeys.TENSORS, "%s", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Path> initial(Section section) {
    String written = section.text(PlanKeys.INITIAL).orElse(HE);
    if (written.equals(HE)) {
      return Optional.empty();
    }
    if (!written.endsWith(".safetensors") && !written.endsWith(".npz")) {
      section.problem(
          PlanKeys.INITIAL,
          "%s or the path of a .safetensors or .npz file is needed, not \"%s\"",
          HE,
          written);
    }
    try {
      return Optional.of(folder.resolve(written).normalize());
    } catch (InvalidPathException e) {
      section.problem(PlanKeys.INITIAL, "not a path: \"%s\"", written);
      return Optional.empty();
    }
  }

  private Optional<Tensor> tensor(Node node, String path) {
    int before = problems.size();
    Section section = Section.of(problems, node, path, PlanKeys.TENSORS.path() + "[]");
    String name = section.text(PlanKeys.TENSOR_NAME).orElse("");
    Rule rule = section.choice(PlanKeys.TENSOR_RULE, Rule.class);
    List<Integer> shape = new ArrayList<>();
    for (Node dimension : section.list(PlanKeys.TENSOR_SHAPE)) {
      if (dimension instanceof ScalarNode scalar && scalar.getValue().matches("\\d{1,9}")) {
        shape.add(Integer.parseInt(scalar.getValue()));
      } else {
        section.problem(PlanKeys.TENSOR_SHAPE, "dimensions are whole numbers of at least 1");
      }
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Tensor(name, shape, ElementType.F32, rule));
    } catch (IllegalArgumentException e) {
      problems.add(node, path, "%s", e.getMessage());
      return Optional.empty();
    }
  }

  private void checkData(Section section, Plan.Data data, List<Tensor> tensors) {
    Tensor first = tensors.get(0);
    if (data.features() > 0 && first.shape().size() == 2) {
      int columns = first.shape().get(1);
      if (columns != data.features()) {
        section.problem(
            PlanKeys.FEATURES,
            "%d, but tensor %s has %d columns",
            data.features(),
            first.name(),
            columns);
      }
    }
    Tensor last = tensors.get(tensors.size() - 1);
    if (data.classes() > 0 && last.shape().get(0) != data.classes()) {
      section.problem(
          PlanKeys.CLASSES,
          "%d, but tensor %s has %d rows",
          data.classes(),
          last.name(),
          last.shape().get(0));
    }
  }
}
