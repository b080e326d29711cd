package io.speedwell.protocol;

/** The limits of protocol version 1, as PROTOCOL.md states them. */
public final class Limits {
  /** The version of the protocol this code speaks. */
  public static final int VERSION = 1;

  /** Bytes of a frame, length prefix included, that every peer takes. */
  public static final int FRAME_MIN = 256;

  /** Bytes of the largest frame a peer may announce, length prefix included. */
  public static final int FRAME_MAX = 1_048_576;

  /** Bytes of the longest length prefix that can be valid. */
  public static final int PREFIX_MAX = 3;

  /** Characters of the longest device id; the shortest has one. */
  public static final int DEVICE_ID_MAX = 32;

  /** Bytes of the opcode bit map in {@link Hello}. */
  public static final int OPCODES_MAX = 32;

  /** Bytes of {@code detail} in {@link Refuse} and {@link Bye}. */
  public static final int DETAIL_MAX = 64;

  /** Blobs of an offer or a result. */
  public static final int BLOBS_MAX = 8;

  /** Bytes of the largest blob. */
  public static final int BLOB_LENGTH_MAX = Integer.MAX_VALUE;

  /**
   * The largest role and the largest encoding that can be on the wire: the checksum has a byte for
   * each.
   */
  public static final int CODE_MAX = 255;

  /** Roles below this one are constants: run, round and update are 0 in their checksum. */
  public static final int ROLE_CONSTANT_END = 16;

  /** The largest handle; the smallest is 1. */
  public static final int HANDLE_MAX = Integer.MAX_VALUE;

  /** The largest relative time on the wire, in milliseconds. */
  public static final int TIME_MAX_MS = Integer.MAX_VALUE;

  /** The shortest keep-alive interval, in milliseconds. */
  public static final int KEEP_ALIVE_MIN_MS = 1_000;

  /** The longest keep-alive interval, in milliseconds. */
  public static final int KEEP_ALIVE_MAX_MS = 3_600_000;

  /**
   * How long a device waits for the answer to its {@link Hello} or {@link KeepAlive}, in
   * milliseconds.
   */
  public static final int ANSWER_WITHIN_MS = 10_000;

  /**
   * How long a probed connection may stay silent before a newcomer replaces it, in milliseconds.
   */
  public static final int PROBE_WITHIN_MS = 5_000;

  /** Bytes of a {@code CONFIG} blob. */
  public static final int CONFIG_MAX = 4_096;

  /** Bytes of a {@code METRICS} blob. */
  public static final int METRICS_MAX = 1_024;

  /** Bytes of a key in a {@code CONFIG} blob and of a name in a {@code METRICS} blob. */
  public static final int KEY_MAX = 32;

  /** Bytes of a tensor's name in a {@code LAYOUT} blob. */
  public static final int TENSOR_NAME_MAX = 64;

  /** Dimensions of a tensor; the fewest are one. */
  public static final int RANK_MAX = 4;

  private Limits() {}
}
