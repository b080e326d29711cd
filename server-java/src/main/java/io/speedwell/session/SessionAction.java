package io.speedwell.session;

import io.speedwell.protocol.ToDevice;

/** What a session wants its driver to do, in the order given. */
public sealed interface SessionAction {

  /** Send one framed control message. */
  record Send(ToDevice message) implements SessionAction {}

  /**
   * Send one framed {@code Chunk} whose data is a slice of the blob's shared bytes: a small header,
   * then the slice.
   *
   * @param handle of the offer or task
   * @param index of the blob in its lists
   * @param blob the bytes
   * @param offset first byte
   * @param length bytes, 1 or more; the frame fits the device's limit
   */
  record SendChunk(int handle, int index, Blob blob, int offset, int length)
      implements SessionAction {

    /** Everything of the frame before the data, from the length prefix on; a new array. */
    public byte[] header() {
      return ChunkFrame.header(handle, index, offset, length);
    }

    /** Bytes of the whole frame. */
    public int frameSize() {
      return ChunkFrame.size(handle, index, offset, length);
    }
  }

  /** Take frames up to so many bytes from now on (256 before the first of these). */
  record FrameLimit(int bytes) implements SessionAction {}

  /**
   * Ask the {@link UpdateBudget}; answer with {@link SessionEvent.Reserved} of this number, on the
   * session's event loop. At most one request of a session waits.
   */
  record Reserve(int number, long bytes) implements SessionAction {}

  /**
   * The request of that number is no longer wanted. If it was granted meanwhile, deliver {@code
   * Reserved} all the same.
   */
  record Withdraw(int number) implements SessionAction {}

  /** Give memory back to the budget. */
  record Release(Reservation reservation) implements SessionAction {}

  /** Tell the coordinator. */
  record Publish(FleetEvent event) implements SessionAction {}

  /**
   * Close the link, then tell {@link SessionEvent.Closed}.
   *
   * @param atOnce false: once everything before was sent; true: now, whether it was sent or not
   *     (comes alone, or after a Close that waits for too long)
   */
  record Close(boolean atOnce) implements SessionAction {}
}
