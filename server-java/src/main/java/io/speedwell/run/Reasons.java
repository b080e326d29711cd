package io.speedwell.run;

import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.RefuseReason;

/** Why a device or its result was refused, in words for people. Pure functions. */
final class Reasons {
  private Reasons() {}

  /** What a device said; {@code detail} may be empty. */
  static String refusal(int reason, String detail) {
    RefuseReason known = RefuseReason.forNumber(reason);
    String words =
        switch (known == null ? RefuseReason.UNRECOGNIZED : known) {
          case REFUSE_KIND -> "it does not do this kind of task";
          case REFUSE_ROLE -> "it cannot take a vector the task needs";
          case REFUSE_ENCODING -> "it does not know the run's update encoding";
          case REFUSE_FEATURE -> "it lacks a feature the run requires";
          case REFUSE_NUMERICS ->
              "its arithmetic is of another numerics class than the run requires";
          case REFUSE_LAYOUT -> "its model has another layout, first different tensor";
          case REFUSE_CAPACITY -> "too large for it";
          case REFUSE_CHECKSUM -> "a blob did not arrive whole";
          case REFUSE_NOT_NOW -> "not now";
          case REFUSE_TRAINER ->
              "its trainer does not take the task or its configuration, or failed";
          default -> "reason " + Integer.toUnsignedString(reason);
        };
    return detail.isEmpty() ? words : words + ": " + detail;
  }

  /** Whether the device would refuse a task of the run again, whatever the round. */
  static boolean lasting(int reason) {
    RefuseReason known = RefuseReason.forNumber(reason);
    return switch (known == null ? RefuseReason.UNRECOGNIZED : known) {
      case REFUSE_KIND,
          REFUSE_ROLE,
          REFUSE_ENCODING,
          REFUSE_FEATURE,
          REFUSE_NUMERICS,
          REFUSE_LAYOUT,
          REFUSE_CAPACITY ->
          true;
      default -> false;
    };
  }

  /** What a session found wrong with a result. */
  static String rejection(int reason) {
    CancelReason known = CancelReason.forNumber(reason);
    return "its result was refused: "
        + switch (known == null ? CancelReason.UNRECOGNIZED : known) {
          case CANCEL_LENGTH -> "a blob has the wrong length";
          case CANCEL_CHECKSUM -> "a checksum does not match";
          case CANCEL_NON_FINITE -> "a number is NaN or infinite";
          case CANCEL_RANGE -> "a value is out of the run's range";
          case CANCEL_BLOBS -> "a blob is missing, unexpected or broken";
          case CANCEL_EXAMPLES -> "its number of examples is not allowed";
          default -> "reason " + Integer.toUnsignedString(reason);
        };
  }
}
