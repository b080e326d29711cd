package io.speedwell.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Arrays;

/**
 * What the bytes of one flat message type may be: for every field number the kind of its value and
 * its maximum. Made once from a generated descriptor; immutable.
 */
final class WireTable {
  static final int WIRE_VARINT = 0;
  static final int WIRE_FIXED64 = 1;
  static final int WIRE_BYTES = 2;
  static final int WIRE_FIXED32 = 5;

  /** How the value of a known field is checked. */
  enum Kind {
    UNKNOWN(-1),
    VARINT(WIRE_VARINT),
    FIXED32(WIRE_FIXED32),
    FIXED64(WIRE_FIXED64),
    BYTES(WIRE_BYTES),
    PACKED_VARINT(WIRE_BYTES),
    PACKED_FIXED32(WIRE_BYTES);

    final int wireType;

    Kind(int wireType) {
      this.wireType = wireType;
    }
  }

  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  private final Kind[] kinds;
  private final long[] maxima;

  WireTable(Descriptor type) {
    int top = type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    if (top >= Long.SIZE) {
      throw new IllegalStateException(
          type.getFullName() + ": field " + top + " does not fit the set of fields seen");
    }
    kinds = new Kind[top + 1];
    maxima = new long[top + 1];
    Arrays.fill(kinds, Kind.UNKNOWN);
    for (FieldDescriptor field : type.getFields()) {
      kinds[field.getNumber()] = kind(field);
      maxima[field.getNumber()] = maximum(field);
    }
  }

  /** The kind of a field; {@code UNKNOWN} for every number that is not declared. */
  Kind kind(int number) {
    return number < kinds.length ? kinds[number] : Kind.UNKNOWN;
  }

  /** The largest value of a varint or of a list's elements, or the most bytes of a bytes field. */
  long maximum(int number) {
    return maxima[number];
  }

  private static Kind kind(FieldDescriptor field) {
    if (field.isRepeated() && !field.isPacked()) {
      throw new IllegalStateException(field.getFullName() + ": repeated fields must be packed");
    }
    return switch (field.getType()) {
      case UINT32 -> field.isRepeated() ? Kind.PACKED_VARINT : Kind.VARINT;
      case FIXED32 -> field.isRepeated() ? Kind.PACKED_FIXED32 : Kind.FIXED32;
      case BOOL -> Kind.VARINT;
      case FLOAT -> Kind.FIXED32;
      case FIXED64 -> Kind.FIXED64;
      case BYTES -> Kind.BYTES;
      default ->
          throw new IllegalStateException(
              field.getFullName() + ": type " + field.getType() + " has no strict check");
    };
  }

  private static long maximum(FieldDescriptor field) {
    return switch (field.getName()) {
      case "device_id" -> Limits.DEVICE_ID_MAX;
      case "opcodes" -> Limits.OPCODES_MAX;
      case "detail" -> Limits.DETAIL_MAX;
      case "blob_role", "blob_encoding" -> Limits.CODE_MAX;
      default ->
          switch (field.getType()) {
            case BOOL -> 1;
            case BYTES -> Limits.FRAME_MAX;
            default -> UINT32_MAX;
          };
    };
  }
}
