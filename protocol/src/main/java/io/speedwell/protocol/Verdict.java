package io.speedwell.protocol;

/** What a {@link StrictReader} found. Immutable. */
public sealed interface Verdict {

  /**
   * A well-formed message of this version; any stock parser reads it.
   *
   * @param message the outer field number of the message
   */
  record Ok(int message) implements Verdict {}

  /**
   * A well-formed message this version does not know; to be answered by {@link Reject}.
   *
   * @param message its outer field number, 1..2^29-1
   */
  record UnknownMessage(int message) implements Verdict {}

  /**
   * Bytes that break a rule; to be answered by {@link Bye} and the end of the connection.
   *
   * @param rule the rule that is broken first
   * @param offset where in the message, in bytes from its start (the length prefix not counted)
   */
  record Malformed(WireRule rule, int offset) implements Verdict {}
}
