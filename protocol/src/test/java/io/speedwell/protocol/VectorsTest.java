package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden frames through protobuf-java (the stock verdict) and through Speedwell's own reader.
 */
class VectorsTest {

  static List<Vector> all() {
    return Vector.all();
  }

  static Stream<Vector> whole() {
    return Vector.all().stream().filter(vector -> !vector.stock().equals("none"));
  }

  static Stream<Vector> canonical() {
    return Vector.all().stream().filter(vector -> !vector.canonical().equals("-"));
  }

  @Test
  void coverEveryMessageAndEveryRule() {
    Set<String> missing = new TreeSet<>();
    for (Direction direction : Direction.values()) {
      direction
          .descriptor()
          .getFields()
          .forEach(field -> missing.add(direction + " accept " + field.getNumber()));
    }
    for (WireRule rule : WireRule.values()) {
      missing.add("malformed:" + rule.word());
    }
    for (Vector vector : all()) {
      missing.remove(vector.verdict());
      if (vector.verdict().equals("accept")) {
        missing.remove(vector.direction() + " accept " + (vector.message().get(0) >>> 3));
      }
    }
    assertThat(missing).isEmpty();
    assertThat(all()).hasSizeGreaterThan(250);
  }

  @ParameterizedTest
  @MethodSource("all")
  void speedwellsVerdict(Vector vector) {
    assertThat(verdict(vector)).isEqualTo(vector.verdict());
  }

  @ParameterizedTest
  @MethodSource("whole")
  void stockVerdict(Vector vector) {
    String actual = stock(vector);
    if (vector.stock().equals("either")) {
      assertThat(actual).isIn("accept", "reject");
    } else {
      assertThat(actual).isEqualTo(vector.stock());
    }
  }

  @ParameterizedTest
  @MethodSource("canonical")
  void canonicalBytes(Vector vector) throws InvalidProtocolBufferException {
    Parser<? extends Message> parser = DiscardUnknownFieldsParser.wrap(vector.direction().parser());
    byte[] message = parser.parseFrom(vector.message()).toByteArray();
    ByteBuffer frame = ByteBuffer.allocate(Frames.prefixSize(message.length) + message.length);
    Frames.writeLength(message.length, frame);
    frame.put(message);
    byte[] expected =
        vector.canonical().equals("=")
            ? vector.frame()
            : HexFormat.of().parseHex(vector.canonical());
    assertThat(frame.array()).isEqualTo(expected);
  }

  private static String stock(Vector vector) {
    try {
      vector.direction().parser().parseFrom(vector.message());
      return "accept";
    } catch (InvalidProtocolBufferException e) {
      return "reject";
    }
  }

  private static String verdict(Vector vector) {
    ByteBuffer in = ByteBuffer.wrap(vector.frame());
    int length = Frames.readLength(in, Limits.FRAME_MIN);
    if (length < 0) {
      return "malformed:" + Frames.brokenRule(length).word();
    }
    if (length == Frames.NEED_MORE || length > in.remaining()) {
      return "incomplete";
    }
    assertThat(in.remaining()).as("one frame").isEqualTo(length);
    Verdict verdict = StrictReader.of(vector.direction()).check(in);
    if (verdict instanceof Verdict.Malformed malformed) {
      return "malformed:" + malformed.rule().word();
    }
    return verdict instanceof Verdict.UnknownMessage unknown
        ? "unknown:" + unknown.message()
        : "accept";
  }
}
