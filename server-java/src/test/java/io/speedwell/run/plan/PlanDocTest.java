package io.speedwell.run.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/plan.md lists the keys the reader knows, with their defaults and ranges, and its example is
 * a plan.
 */
class PlanDocTest {
  private static final Path DOC = Path.of("docs/plan.md");

  @Test
  void theTableIsTheReadersTable() throws Exception {
    List<String> rows =
        Files.readAllLines(DOC).stream().filter(line -> line.startsWith("| `")).toList();
    assertThat(rows).hasSameSizeAs(PlanKeys.ALL);
    for (int i = 0; i < rows.size(); i++) {
      Key key = PlanKeys.ALL.get(i);
      String range = key.max() == 0 ? " " : " " + key.range() + " ";
      String[] cells = rows.get(i).split("\\|");
      assertThat(cells).hasSize(5);
      assertThat(cells[1]).isEqualTo(" `" + key.path() + "` ");
      assertThat(cells[2]).as(key.path()).isEqualTo(" " + key.fallback() + " ");
      assertThat(cells[3]).as(key.path()).isEqualTo(range);
      assertThat(cells[4].strip()).as(key.path()).endsWith(".").hasSizeGreaterThan(5);
    }
  }

  @Test
  void theExampleIsAPlan() throws Exception {
    String text = Files.readString(DOC);
    int start = text.indexOf("```yaml\n") + 8;
    String example = text.substring(start, text.indexOf("```", start));
    assertThat(PlanReader.read(example, "plan.md", Path.of("")).rounds().goal()).isEqualTo(10);
  }
}
