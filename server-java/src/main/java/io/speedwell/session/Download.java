package io.speedwell.session;

/** One blob on its way to the device: what was granted and what was sent. Owned by its session. */
final class Download {
  private final int handle;
  private final int index;
  private final Blob blob;
  private int next;
  private int end;

  private Download(int handle, int index, Blob blob, int next, int end) {
    this.handle = handle;
    this.index = index;
    this.blob = blob;
    this.next = next;
    this.end = end;
  }

  /** Starts at a first grant, whose range the caller has checked. */
  static Download start(int handle, int index, Blob blob, int offset, int length) {
    return new Download(handle, index, blob, offset, offset + length);
  }

  boolean isOf(int otherHandle, int otherIndex) {
    return handle == otherHandle && index == otherIndex;
  }

  int handle() {
    return handle;
  }

  int index() {
    return index;
  }

  /** Takes a later grant of the same blob; false if its offset is beyond what was sent. */
  boolean extend(int offset, int length) {
    if (offset > next) {
      return false;
    }
    end = Math.max(end, offset + length);
    return true;
  }

  /** Whether there is credit left. */
  boolean open() {
    return next < end;
  }

  /** Whether the blob's last byte was sent. */
  boolean complete() {
    return next == blob.length();
  }

  /** The next chunk; only while {@link #open()}. */
  SessionAction.SendChunk chunk(int frameLimit) {
    int length = Math.min(end - next, ChunkFrame.capacity(frameLimit, handle, index, next));
    var chunk = new SessionAction.SendChunk(handle, index, blob, next, length);
    next += length;
    return chunk;
  }
}
