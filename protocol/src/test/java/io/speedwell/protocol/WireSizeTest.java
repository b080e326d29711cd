package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The largest frame of every message is what PROTOCOL.md says, and fits the smallest frame buffer.
 */
class WireSizeTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| ((?:`\\w+`(?:, )?)+) \\| (\\d+) \\|.*$", Pattern.MULTILINE);

  @Test
  void everyMessageButChunkFitsTheSmallestFrame() throws IOException {
    Map<String, Integer> sizes = new TreeMap<>();
    for (Direction direction : Direction.values()) {
      for (FieldDescriptor member : direction.descriptor().getFields()) {
        if (!member.getName().equals("chunk")) {
          Message largest = largest(direction, member);
          assertThat(StrictReader.of(direction).check(ByteBuffer.wrap(largest.toByteArray())))
              .isInstanceOf(Verdict.Ok.class);
          sizes.put(member.getMessageType().getName(), Frames.frameSize(largest));
        }
      }
    }
    assertThat(sizes.values()).allMatch(size -> size <= Limits.FRAME_MIN);
    assertThat(sizes).isEqualTo(documented());
  }

  private static Map<String, Integer> documented() throws IOException {
    String text = Files.readString(Path.of("PROTOCOL.md"));
    String section = text.substring(text.indexOf("**Sizes.**"), text.indexOf("### Hello"));
    Map<String, Integer> sizes = new TreeMap<>();
    ROW.matcher(section)
        .results()
        .forEach(
            row -> {
              for (String name : row.group(1).split(", ")) {
                sizes.put(name.replace("`", ""), Integer.valueOf(row.group(2)));
              }
            });
    return sizes;
  }

  private static Message largest(Direction direction, FieldDescriptor member) {
    DynamicMessage.Builder body = DynamicMessage.newBuilder(member.getMessageType());
    for (FieldDescriptor field : member.getMessageType().getFields()) {
      if (field.isRepeated()) {
        for (int i = 0; i < Limits.BLOBS_MAX; i++) {
          body.addRepeatedField(field, largest(field));
        }
      } else {
        body.setField(field, largest(field));
      }
    }
    return DynamicMessage.newBuilder(direction.descriptor()).setField(member, body.build()).build();
  }

  private static Object largest(FieldDescriptor field) {
    return switch (field.getType()) {
      case BOOL -> true;
      case FLOAT -> Float.MAX_VALUE;
      case FIXED64 -> -1L;
      case BYTES -> ByteString.copyFrom(new byte[field.getName().equals("detail") ? 64 : 32]);
      default -> field.getName().matches("blob_role|blob_encoding") ? 255 : -1;
    };
  }
}
