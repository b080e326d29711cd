package io.speedwell.protocol;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.speedwell.protocol.WireTable.Kind;
import java.nio.ByteBuffer;

/**
 * Checks the bytes of one message against the rules of PROTOCOL.md, section 2, before a protobuf
 * library sees them. Stock libraries accept more: overlong varints, groups, duplicates, wrong wire
 * types, several members of a {@code oneof}.
 *
 * <p>Immutable and safe to share between threads. A well-formed message costs one pass over its
 * fields (bytes fields are skipped, not read) and no allocation; no input makes it throw.
 */
public final class StrictReader {
  private static final StrictReader TO_SERVER = new StrictReader(Direction.TO_SERVER);
  private static final StrictReader TO_DEVICE = new StrictReader(Direction.TO_DEVICE);

  private static final long UINT32_MAX = 0xFFFF_FFFFL;
  private static final int VARINT_MAX = 10;
  private static final WireRule[] RULES = WireRule.values();

  private final WireTable[] tables;
  private final Verdict.Ok[] verdicts;

  private StrictReader(Direction direction) {
    var members = direction.descriptor().getFields();
    int top = members.stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    tables = new WireTable[top + 1];
    verdicts = new Verdict.Ok[top + 1];
    for (FieldDescriptor member : members) {
      tables[member.getNumber()] = new WireTable(member.getMessageType());
      verdicts[member.getNumber()] = new Verdict.Ok(member.getNumber());
    }
  }

  /** The reader of messages that go this way. */
  public static StrictReader of(Direction direction) {
    return direction == Direction.TO_SERVER ? TO_SERVER : TO_DEVICE;
  }

  /**
   * Checks one message: the bytes from the buffer's position to its limit, without the frame's
   * length.
   *
   * @param message direct or on the heap, in any byte order; neither its bytes nor its position and
   *     limit are changed, and it is not kept
   * @return an {@link Verdict.Ok} that exists already, or a new verdict
   */
  public Verdict check(ByteBuffer message) {
    int start = message.position();
    int end = message.limit();
    if (start == end) {
      return new Verdict.Malformed(WireRule.MEMBER, 0);
    }
    long at = afterVarint(message, start, end);
    if (at < 0) {
      return malformed(at, start);
    }
    long tag = varint(message, start);
    if (!isFieldNumber(tag >>> 3)) {
      return new Verdict.Malformed(WireRule.FIELD_NUMBER, 0);
    }
    if ((tag & 7) != WireTable.WIRE_BYTES) {
      return new Verdict.Malformed(WireRule.WIRE_TYPE, 0);
    }
    long next = afterBytes(message, (int) at, end);
    if (next < 0) {
      return malformed(next, start);
    }
    int bodyEnd = (int) next;
    int number = (int) (tag >>> 3);
    WireTable table = number < tables.length ? tables[number] : null;
    if (table != null) {
      long checked = checkBody(message, (int) afterVarint(message, (int) at, end), bodyEnd, table);
      if (checked < 0) {
        return malformed(checked, start);
      }
    }
    if (bodyEnd != end) {
      return new Verdict.Malformed(WireRule.MEMBER, bodyEnd - start);
    }
    return table != null ? verdicts[number] : new Verdict.UnknownMessage(number);
  }

  // The functions below return the offset after what they read, or a broken rule with its offset
  // (see broken).

  private static long checkBody(ByteBuffer in, int start, int end, WireTable table) {
    long seen = 0;
    long at = start;
    while (at < end) {
      int fieldAt = (int) at;
      at = afterVarint(in, fieldAt, end);
      if (at < 0) {
        return at;
      }
      long tag = varint(in, fieldAt);
      if (!isFieldNumber(tag >>> 3)) {
        return broken(WireRule.FIELD_NUMBER, fieldAt);
      }
      int number = (int) (tag >>> 3);
      int wireType = (int) (tag & 7);
      Kind kind = table.kind(number);
      if (kind == Kind.UNKNOWN) {
        at = afterUnknown(in, fieldAt, (int) at, end, wireType);
      } else if (kind.wireType != wireType) {
        return broken(WireRule.WIRE_TYPE, fieldAt);
      } else if ((seen & (1L << number)) != 0) {
        return broken(WireRule.DUPLICATE, fieldAt);
      } else {
        seen |= 1L << number;
        at = afterKnown(in, (int) at, end, kind, table.maximum(number));
      }
      if (at < 0) {
        return at;
      }
    }
    return at;
  }

  private static long afterUnknown(ByteBuffer in, int fieldAt, int at, int end, int wireType) {
    return switch (wireType) {
      case WireTable.WIRE_VARINT -> afterVarint(in, at, end);
      case WireTable.WIRE_FIXED64 -> afterFixed(at, end, Long.BYTES);
      case WireTable.WIRE_BYTES -> afterBytes(in, at, end);
      case WireTable.WIRE_FIXED32 -> afterFixed(at, end, Integer.BYTES);
      default -> broken(WireRule.WIRE_TYPE, fieldAt);
    };
  }

  private static long afterKnown(ByteBuffer in, int at, int end, Kind kind, long maximum) {
    return switch (kind) {
      case VARINT -> afterVarintUpTo(in, at, end, maximum);
      case FIXED32 -> afterFixed(at, end, Integer.BYTES);
      case FIXED64 -> afterFixed(at, end, Long.BYTES);
      case BYTES, PACKED_VARINT, PACKED_FIXED32 -> {
        long next = afterBytes(in, at, end);
        if (next < 0) {
          yield next;
        }
        int first = (int) afterVarint(in, at, end);
        int last = (int) next;
        yield switch (kind) {
          case BYTES -> last - first > maximum ? broken(WireRule.BYTES, first) : next;
          case PACKED_VARINT -> afterVarints(in, first, last, maximum);
          default -> afterFixed32s(first, last);
        };
      }
      case UNKNOWN -> throw new AssertionError("unknown fields are skipped before");
    };
  }

  private static long afterVarints(ByteBuffer in, int first, int end, long maximum) {
    long at = first;
    int count = 0;
    while (at < end) {
      int elementAt = (int) at;
      if (count == Limits.BLOBS_MAX) {
        return broken(WireRule.LIST, elementAt);
      }
      at = afterVarintUpTo(in, elementAt, end, maximum);
      if (at < 0) {
        return rule(at) == WireRule.TRUNCATED ? broken(WireRule.LIST, elementAt) : at;
      }
      count++;
    }
    return at;
  }

  private static long afterFixed32s(int first, int end) {
    int length = end - first;
    boolean whole = length % Integer.BYTES == 0 && length / Integer.BYTES <= Limits.BLOBS_MAX;
    return whole ? end : broken(WireRule.LIST, first);
  }

  private static long afterFixed(int at, int end, int size) {
    return end - at < size ? broken(WireRule.TRUNCATED, at) : at + size;
  }

  private static long afterBytes(ByteBuffer in, int at, int end) {
    long first = afterVarint(in, at, end);
    if (first < 0) {
      return first;
    }
    long length = varint(in, at);
    return Long.compareUnsigned(length, end - first) > 0
        ? broken(WireRule.TRUNCATED, at)
        : first + length;
  }

  private static long afterVarintUpTo(ByteBuffer in, int at, int end, long maximum) {
    long next = afterVarint(in, at, end);
    if (next >= 0 && Long.compareUnsigned(varint(in, at), maximum) > 0) {
      return broken(WireRule.RANGE, at);
    }
    return next;
  }

  private static long afterVarint(ByteBuffer in, int start, int end) {
    for (int at = start; at < end; at++) {
      int size = at - start + 1;
      int bits = in.get(at) & 0xFF;
      if (size == VARINT_MAX && bits > 1) {
        return broken(WireRule.VARINT, start); // more bytes to come, or bits beyond 64
      }
      if (bits < 0x80) {
        return bits == 0 && size > 1 ? broken(WireRule.VARINT, start) : at + 1;
      }
    }
    return broken(WireRule.TRUNCATED, start);
  }

  /** The value of a varint that {@code afterVarint} found good. */
  private static long varint(ByteBuffer in, int start) {
    long value = 0;
    int shift = 0;
    int at = start;
    long bits;
    do {
      bits = in.get(at);
      value |= (bits & 0x7F) << shift;
      shift += 7;
      at++;
    } while (bits < 0);
    return value;
  }

  private static boolean isFieldNumber(long number) {
    return number >= 1 && number <= UINT32_MAX >>> 3;
  }

  private static long broken(WireRule rule, int offset) {
    return ~((long) rule.ordinal() << Integer.SIZE | offset);
  }

  private static WireRule rule(long broken) {
    return RULES[(int) (~broken >>> Integer.SIZE)];
  }

  private static Verdict malformed(long broken, int start) {
    return new Verdict.Malformed(rule(broken), (int) ~broken - start);
  }
}
