package io.speedwell.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random messages, and what is left of them after random changes. */
class StrictReaderPropertyTest {
  private static final int MESSAGES = 20_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyMessageAStockLibraryWritesWithinTheLimitsIsAccepted(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      Direction direction = Direction.values()[i % 2];
      Message message = message(random, direction.descriptor());
      int number = message.getAllFields().keySet().iterator().next().getNumber();
      assertThat(check(direction, message.toByteArray())).isEqualTo(new Verdict.Ok(number));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatAStockLibraryRejectsIsNeverAccepted(long seed) throws InvalidProtocolBufferException {
    Random random = new Random(seed);
    int malformed = 0;
    int wellFormed = 0;
    for (int i = 0; i < MESSAGES; i++) {
      Direction direction = Direction.values()[i % 2];
      byte[] bytes = mutate(random, message(random, direction.descriptor()).toByteArray());
      Verdict verdict = check(direction, bytes);
      if (verdict instanceof Verdict.Malformed found) {
        assertThat(found.offset()).isBetween(0, bytes.length);
        malformed++;
      } else {
        // Throws when the stock library rejects, which fails the test.
        Message read = direction.parser().parseFrom(bytes);
        int expected = verdict instanceof Verdict.Ok ? 1 : 0;
        assertThat(read.getAllFields()).hasSize(expected);
        wellFormed++;
      }
    }
    assertThat(malformed).as("malformed").isGreaterThan(MESSAGES / 10);
    assertThat(wellFormed).as("well-formed").isGreaterThan(MESSAGES / 10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noiseIsReadWithoutHarm(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(check(Direction.values()[i % 2], bytes)).isNotNull();
    }
  }

  private static Verdict check(Direction direction, byte[] bytes) {
    return StrictReader.of(direction).check(ByteBuffer.wrap(bytes));
  }

  private static Message message(Random random, Descriptor outer) {
    List<FieldDescriptor> members = outer.getFields();
    FieldDescriptor member = members.get(random.nextInt(members.size()));
    DynamicMessage.Builder body = DynamicMessage.newBuilder(member.getMessageType());
    for (FieldDescriptor field : member.getMessageType().getFields()) {
      int count = field.isRepeated() ? random.nextInt(Limits.BLOBS_MAX + 1) : random.nextInt(2);
      for (int i = 0; i < count; i++) {
        if (field.isRepeated()) {
          body.addRepeatedField(field, value(random, field));
        } else {
          body.setField(field, value(random, field));
        }
      }
    }
    return DynamicMessage.newBuilder(outer).setField(member, body.build()).build();
  }

  private static Object value(Random random, FieldDescriptor field) {
    return switch (field.getType()) {
      case BOOL -> random.nextBoolean();
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case FIXED64 -> random.nextLong();
      case BYTES -> bytes(random, field);
      case UINT32 -> {
        boolean code =
            field.getName().equals("blob_role") || field.getName().equals("blob_encoding");
        yield code ? random.nextInt(256) : random.nextInt() >>> random.nextInt(32);
      }
      default -> random.nextInt();
    };
  }

  private static ByteString bytes(Random random, FieldDescriptor field) {
    byte[] bytes = new byte[random.nextInt(field.getName().equals("detail") ? 65 : 33)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static byte[] mutate(Random random, byte[] bytes) {
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 2 -> {
        byte[] set = bytes.clone();
        set[at] = (byte) random.nextInt();
        yield set;
      }
      case 3 -> insert(bytes, at, new byte[] {(byte) random.nextInt()});
      default -> insert(bytes, bytes.length, bytes);
    };
  }

  private static byte[] insert(byte[] bytes, int at, byte[] more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(more);
    out.write(bytes, at, bytes.length - at);
    return out.toByteArray();
  }
}
