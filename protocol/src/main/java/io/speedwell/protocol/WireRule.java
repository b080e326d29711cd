package io.speedwell.protocol;

/** The rules whose breach makes a frame malformed (PROTOCOL.md, section 2). */
public enum WireRule {
  /** The length of a frame is 0. */
  LENGTH_ZERO("length-zero"),
  /** The length of a frame is not the shortest varint of its value. */
  LENGTH_OVERLONG("length-overlong"),
  /** The length of a frame has more than 32 bits, or the frame is above the receiver's limit. */
  LENGTH_LIMIT("length-limit"),
  /** A varint is not the shortest of its value, has more than 10 bytes, or has bits beyond 64. */
  VARINT("varint"),
  /** A field number is 0 or above 2^29-1. */
  FIELD_NUMBER("field-number"),
  /** A wire type is a group, 6 or 7, or another than the known field's. */
  WIRE_TYPE("wire-type"),
  /** A uint32 is above 2^32-1, a bool above 1, a role or an encoding in a list above 255. */
  RANGE("range"),
  /** A known field comes twice in one body. */
  DUPLICATE("duplicate"),
  /** A field, a length or a varint ends beyond its message. */
  TRUNCATED("truncated"),
  /** A packed list does not end at an element's end, or has more than 8 elements. */
  LIST("list"),
  /** The message has no member of the {@code oneof}, or something after its only one. */
  MEMBER("member"),
  /** A bytes field is longer than its maximum. */
  BYTES("bytes");

  private final String word;

  WireRule(String word) {
    this.word = word;
  }

  /** The rule's name as the vectors and {@code Bye.detail} give it: at most 64 bytes of ASCII. */
  public String word() {
    return word;
  }
}
