package io.speedwell.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.protocol.BlobFormatException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {
  private static final Layout MIXED =
      Layout.of(
          Tensor.f32("a", Rule.MEAN, 2, 3),
          Tensor.f32("own", Rule.LOCAL, 100),
          Tensor.f32("b", Rule.MEAN, 4),
          Tensor.f32("fixed", Rule.FROZEN, 5),
          Tensor.f32("count", Rule.SUM, 2),
          Tensor.f32("c", Rule.MEAN, 1, 1, 1, 3));

  @Test
  void countsWhatGoesDownAndUp() {
    assertThat(MIXED.parameterCount()).isEqualTo(6 + 4 + 5 + 2 + 3);
    assertThat(MIXED.updateCount()).isEqualTo(6 + 4 + 2 + 3);
    assertThat(MIXED.updateIsParameters()).isFalse();
    assertThat(Layout.of(Tensor.f32("a", Rule.MEAN, 2)).updateIsParameters()).isTrue();
  }

  @Test
  void mapsUpdatesToParameters() {
    assertThat(MIXED.segments())
        .containsExactly(
            new Layout.Segment(0, 0, 10, Rule.MEAN), // a and b are neighbours without "own"
            new Layout.Segment(10, 15, 2, Rule.SUM),
            new Layout.Segment(12, 17, 3, Rule.MEAN));
    assertThat(MIXED.parameterIndex(9)).isEqualTo(9);
    assertThat(MIXED.parameterIndex(10)).isEqualTo(15);
    assertThat(MIXED.parameterIndex(14)).isEqualTo(19);
    assertThat(MIXED.tensorOfUpdate(5)).isEqualTo("a");
    assertThat(MIXED.tensorOfUpdate(6)).isEqualTo("b");
    assertThat(MIXED.tensorOfUpdate(11)).isEqualTo("count");
    assertThat(MIXED.tensorOfUpdate(12)).isEqualTo("c");
    assertThatThrownBy(() -> MIXED.parameterIndex(15))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> MIXED.parameterIndex(-1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void blobIsTheProtocols() {
    Layout layout = Layout.of(Tensor.f32("w", Rule.SUM, 2, 258), Tensor.f32("b", Rule.FROZEN, 1));
    assertThat(HexFormat.of().formatHex(layout.toBlob()))
        .isEqualTo(
            "01"
                + "77"
                + "01"
                + "01"
                + "02"
                + "02000000"
                + "02010000"
                + "01"
                + "62"
                + "01"
                + "03"
                + "01"
                + "01000000");
    assertThat(Layout.fromBlob(MIXED.toBlob())).isEqualTo(MIXED).hasSameHashCodeAs(MIXED);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] blob = MIXED.toBlob();
    int whole = 0;
    for (int length = 0; length < blob.length; length++) {
      byte[] cut = Arrays.copyOf(blob, length);
      try {
        Layout.fromBlob(cut);
        whole++; // the cut fell between two tensors
      } catch (BlobFormatException | IllegalArgumentException expected) {
        assertThat(expected).hasMessageMatching("(?s)(layout: .*the blob ends|a layout has).*");
      }
    }
    assertThat(whole).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "0177020001 01000000, element type 2 is unknown",
    "0177010401 01000000, rule 4 is unknown",
    "0177010000, the rank must be 1..4",
    "0177010005 0100000001000000010000000100000001000000, the rank must be 1..4",
    "0177010001 00000000, every dimension must be 1..2^31-1",
    "0177010001 ffffffff, every dimension must be 1..2^31-1",
    "0177010002 ffffff7fffffff7f, too many elements",
    "00010001 01000000, name of 0 bytes",
    "01ff010001 01000000, not UTF-8",
    "0107010001 01000000, control character",
  })
  void badBlobsAreRefused(String hex, String message) {
    byte[] blob = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> Layout.fromBlob(blob)).hasMessageContaining(message);
  }

  @Test
  void refusesWhatCannotBeLearnt() {
    assertThatThrownBy(() -> Layout.of(List.of())).hasMessageContaining("1..65,535");
    assertThatThrownBy(
            () -> Layout.of(Tensor.f32("w", Rule.MEAN, 1), Tensor.f32("w", Rule.MEAN, 1)))
        .hasMessage("tensor w: the name occurs twice");
    assertThatThrownBy(() -> Layout.of(Tensor.f32("w", Rule.FROZEN, 1)))
        .hasMessageContaining("nothing to learn");
    int most = Layout.MAX_PARAMETERS;
    assertThatThrownBy(
            () -> Layout.of(Tensor.f32("v", Rule.MEAN, most), Tensor.f32("w", Rule.MEAN, 1)))
        .hasMessageContaining("parameters at tensor w");
    assertThatThrownBy(() -> Tensor.f32("é".repeat(33), Rule.MEAN, 1))
        .hasMessageContaining("66 bytes");
  }

  @Test
  void namesTheFirstDifference() {
    Layout one = Layout.of(Tensor.f32("w", Rule.MEAN, 2), Tensor.f32("b", Rule.MEAN, 2));
    Layout two = Layout.of(Tensor.f32("w", Rule.MEAN, 2), Tensor.f32("b", Rule.MEAN, 3));
    Layout shorter = Layout.of(Tensor.f32("w", Rule.MEAN, 2));
    assertThat(one.difference(one)).isEmpty();
    assertThat(one.difference(two).orElseThrow()).contains("tensor 1", "[3]", "[2]");
    assertThat(one.difference(shorter)).contains("tensor b is missing");
    assertThat(shorter.difference(one)).contains("tensor b is not expected");
  }
}
