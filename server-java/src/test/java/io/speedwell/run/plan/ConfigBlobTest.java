package io.speedwell.run.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigBlobTest {
  @Test
  void writesTheBytesOfTheProtocol() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("lr", 0.5f);
    config.put("batch", (int) 4_000_000_000L);
    config.put("on", true);
    config.put("opt", "sgd");
    assertThat(HexFormat.of().formatHex(ConfigBlob.write(config)))
        .isEqualTo(
            "01026c72"
                + "0000003f" // f32, "lr"
                + "02056261746368"
                + "00286bee" // u32, "batch"
                + "03026f6e"
                + "01" // bool, "on"
                + "04036f7074"
                + "03736764"); // text, "opt"
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> ConfigBlob.write(Map.of("k".repeat(33), 1)))
        .hasMessageContaining("1..32 are allowed");
    assertThatThrownBy(() -> ConfigBlob.write(Map.of("k", "t".repeat(256))))
        .hasMessageContaining("255 are allowed");
    Map<String, Object> many = new LinkedHashMap<>();
    for (int i = 0; i < 16; i++) {
      many.put("key" + i, "t".repeat(255));
    }
    assertThatThrownBy(() -> ConfigBlob.write(many)).hasMessageContaining("4,096");
  }
}
