package io.speedwell.session;

import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;

/**
 * What a session is told: by its driver (gateway or simulation), by the update budget, by the
 * coordinator.
 */
public sealed interface SessionEvent {

  // ---- from the driver

  /** A well-formed message came, other than a {@code Chunk}. */
  record Received(ToServer message) implements SessionEvent {}

  /**
   * A well-formed {@code Chunk} came.
   *
   * @param data position to limit are its bytes; read during the call only, so it may be a view of
   *     the memory they were received in
   * @param frameSize bytes of the whole frame
   */
  record ChunkReceived(int handle, int blob, int offset, ByteBuffer data, int frameSize)
      implements SessionEvent {}

  /**
   * A well-formed message came that this version does not know; {@code number}: its outer field
   * number.
   */
  record UnknownMessage(int number) implements SessionEvent {}

  /**
   * Bytes came that break a rule of the protocol; {@code rule}: its word, at most 64 bytes of
   * ASCII.
   */
  record Malformed(String rule) implements SessionEvent {}

  /** The link takes more bytes; to be told while {@link Session#wantsToSend()}. */
  record Writable() implements SessionEvent {}

  /**
   * The link is lost or closed, by whomever; told exactly once, and nothing but {@link Reserved}
   * after it.
   */
  record Closed() implements SessionEvent {}

  /** {@link Session#deadline()} has come; harmless at any other time. */
  record Tick() implements SessionEvent {}

  // ---- from the update budget, by way of the driver

  /** Memory is reserved for the {@link SessionAction.Reserve} of that number. */
  record Reserved(int number, Reservation reservation) implements SessionEvent {}

  // ---- from the coordinator

  /**
   * What the coordinator may tell a session. A session that cannot use a command any more ignores
   * it.
   */
  sealed interface Command extends SessionEvent {}

  /**
   * The device is let in.
   *
   * @param token what the device shall give in its next {@code Hello}; never 0
   */
  record Admit(long token) implements Command {}

  /**
   * The server ends the connection: turns the device away, shuts down, or was told by another
   * connection.
   *
   * @param reason {@code ByeReason} number
   * @param retryAfterMs when to come back; 0: the device's own back-off
   * @param detail at most 64 bytes of UTF-8; may be empty
   */
  record Bye(int reason, int retryAfterMs, String detail) implements Command {}

  /**
   * Somebody else came with this device's id: ask whether the device is still there, close if it is
   * silent.
   */
  record Probe() implements Command {}

  /**
   * Gives the device a task; one it still has is replaced.
   *
   * @param order the task
   * @param resume what is known of it from an earlier connection
   */
  record Assign(TaskOrder order, Resume resume) implements Command {}

  /** The round is about to end. */
  record WrapUp(TaskKey task, int withinMs) implements Command {}

  /** No result is wanted any more; {@code reason}: {@code CancelReason} number. */
  record Cancel(TaskKey task, int reason) implements Command {}

  /**
   * The round that counted the task's result is durable (for an evaluation: the result is
   * recorded).
   */
  record Committed(TaskKey task) implements Command {}
}
