package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.protocol.ConfigBlob.Bool;
import io.speedwell.protocol.ConfigBlob.F32;
import io.speedwell.protocol.ConfigBlob.Text;
import io.speedwell.protocol.ConfigBlob.U32;
import io.speedwell.protocol.ConfigBlob.Value;
import io.speedwell.protocol.LayoutBlob.Tensor;
import io.speedwell.protocol.MetricsBlob.Kind;
import io.speedwell.protocol.MetricsBlob.Metric;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobFormatsTest {
  private static final List<Tensor> LAYOUT =
      List.of(
          new Tensor("w", LayoutBlob.F32, LayoutBlob.MEAN, List.of(32, 64)),
          new Tensor("b", LayoutBlob.F32, LayoutBlob.FROZEN, List.of(10)));
  private static final String LAYOUT_HEX =
      "0177010002" + "2000000040000000" + "0162010301" + "0a000000";

  private static final String CONFIG_HEX =
      "01026c72" + "cdcccc3d" + "020162" + "ffffffff" + "03016f" + "01" + "040174" + "026869";

  private static final List<Metric> METRICS =
      List.of(new Metric(Kind.MEAN, "accuracy", 0.5f, 36f), new Metric(Kind.MAX, "loss", 2f, 0f));
  private static final String METRICS_HEX =
      "01086163637572616379" + "0000003f" + "00001042" + "03046c6f7373" + "00000040" + "00000000";

  private static Map<String, Value> config() {
    Map<String, Value> entries = new LinkedHashMap<>();
    entries.put("lr", new F32(0.1f));
    entries.put("b", new U32(0xFFFF_FFFFL));
    entries.put("o", new Bool(true));
    entries.put("t", new Text("hi"));
    return entries;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void theirBytesAreThoseOfTheProtocol() {
    assertThat(LayoutBlob.encode(LAYOUT)).isEqualTo(bytes(LAYOUT_HEX));
    assertThat(ConfigBlob.encode(config())).isEqualTo(bytes(CONFIG_HEX));
    assertThat(MetricsBlob.encode(METRICS)).isEqualTo(bytes(METRICS_HEX));
  }

  @Test
  void whatWasWrittenIsRead() {
    assertThat(LayoutBlob.decode(bytes(LAYOUT_HEX))).isEqualTo(LAYOUT);
    assertThat(List.copyOf(ConfigBlob.decode(bytes(CONFIG_HEX)).entrySet()))
        .isEqualTo(List.copyOf(config().entrySet()));
    assertThat(MetricsBlob.decode(bytes(METRICS_HEX))).isEqualTo(METRICS);
  }

  @Test
  void anEmptyBlobHasNoEntries() {
    assertThat(LayoutBlob.decode(new byte[0])).isEmpty();
    assertThat(ConfigBlob.decode(new byte[0])).isEmpty();
    assertThat(MetricsBlob.decode(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "00010001" + "01000000, 'name of 0 bytes, 1..64 are allowed'",
    "0177020001" + "01000000, element type 2 is unknown",
    "0177010401" + "01000000, rule 4 is unknown",
    "0177010000, rank must be 1..4",
    "0177010005" + "0100000001000000010000000100000001000000, rank must be 1..4",
    "0177010001" + "00000000, every dimension",
    "0177010001" + "00000080, every dimension",
    "01ff010001" + "01000000, not UTF-8",
    "0177010001" + "010000000177010001" + "01000000, name occurs twice",
    "0177010001" + "010000, the blob ends inside it",
  })
  void aBadLayoutIsRefused(String hex, String why) {
    refused(LayoutBlob::decode, hex, CancelReason.CANCEL_BLOBS, why);
  }

  @ParameterizedTest
  @CsvSource({
    "050161" + "00, type 5 is unknown",
    "0100" + "00000000, 'key of 0 bytes, 1..32 are allowed'",
    "030161" + "02, a bool of 2",
    "030161" + "01030161" + "00, 'key \"a\" occurs twice'",
    "040161" + "0561, entry 1 (at byte 0): the blob ends inside it",
    "030161" + "01020161, entry 2 (at byte 4): the blob ends inside it",
  })
  void aBadConfigIsRefused(String hex, String why) {
    refused(ConfigBlob::decode, hex, CancelReason.CANCEL_BLOBS, why);
  }

  @ParameterizedTest
  @CsvSource({
    "010161" + "0000c07f" + "00000000, CANCEL_NON_FINITE, not finite",
    "010161" + "00000000" + "0000807f, CANCEL_NON_FINITE, not finite",
    "010161" + "00000000" + "000080bf, CANCEL_RANGE, weight below 0",
    "0100" + "00000000" + "00000000, CANCEL_BLOBS, name of 0 bytes",
    "010161" + "00000000" + "000000, CANCEL_BLOBS, the blob ends inside it",
  })
  void badMetricsAreRefused(String hex, CancelReason reason, String why) {
    refused(MetricsBlob::decode, hex, reason, why);
  }

  @Test
  void metricsOfUnknownKindsAreSkipped() {
    byte[] blob = bytes("090161" + "0000c07f" + "0000c07f" + METRICS_HEX);
    assertThat(MetricsBlob.decode(blob)).isEqualTo(METRICS);
  }

  @Test
  void sizesAreBounded() {
    Text longest = new Text("x".repeat(255));
    Map<String, Value> large = new LinkedHashMap<>();
    for (int i = 0; i < 16; i++) {
      large.put("k" + i, longest);
    }
    assertThatThrownBy(() -> ConfigBlob.encode(large)).hasMessageContaining("at most 4096");
    assertThatThrownBy(() -> ConfigBlob.encode(Map.of("k", new Text("x".repeat(256)))))
        .hasMessageContaining("0..255");
    assertThatThrownBy(() -> MetricsBlob.encode(Collections.nCopies(80, METRICS.get(0))))
        .hasMessageContaining("at most 1024");
    byte[] many = new byte[18 * 60];
    for (int at = 0; at < many.length; at += 18) {
      System.arraycopy(bytes(METRICS_HEX), 0, many, at, 18);
    }
    refused(
        MetricsBlob::decode,
        HexFormat.of().formatHex(many),
        CancelReason.CANCEL_BLOBS,
        "at most 1024");
  }

  @Test
  void whatCannotBeReadIsNotWritten() {
    Tensor scalar = new Tensor("w", LayoutBlob.F32, LayoutBlob.MEAN, List.of());
    assertThatThrownBy(() -> LayoutBlob.encode(List.of(scalar))).hasMessageContaining("rank");
    assertThatThrownBy(() -> LayoutBlob.encode(List.of(LAYOUT.get(0), LAYOUT.get(0))))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> MetricsBlob.encode(List.of(new Metric(Kind.SUM, "a", Float.NaN, 1))))
        .hasMessageContaining("finite");
    assertThatThrownBy(() -> new U32(-1)).hasMessageContaining("-1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreReadOrRefusedNothingElse(long seed) {
    Random random = new Random(seed);
    List<Function<byte[], Object>> decoders =
        List.of(LayoutBlob::decode, ConfigBlob::decode, MetricsBlob::decode);
    List<String> good = List.of(LAYOUT_HEX, CONFIG_HEX, METRICS_HEX);
    int refused = 0;
    for (int i = 0; i < 3_000; i++) {
      byte[] blob = bytes(good.get(i % 3));
      blob[random.nextInt(blob.length)] = (byte) random.nextInt();
      blob = Arrays.copyOf(blob, random.nextInt(blob.length + 1));
      try {
        decoders.get(i % 3).apply(blob);
      } catch (BlobFormatException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 3_000);
  }

  private static void refused(
      Function<byte[], Object> decoder, String hex, CancelReason reason, String why) {
    assertThatThrownBy(() -> decoder.apply(bytes(hex)))
        .isInstanceOfSatisfying(
            BlobFormatException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(why);
  }
}
