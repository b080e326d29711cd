package io.speedwell.session;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An upload whose link was lost: what was received, and the memory it stands in. The coordinator
 * keeps it for a bounded time and offers it with the same task; the session that gets it {@link
 * #take takes} it. Whoever is first, taker or discarder, owns it; so an offer to a session that has
 * just ended is never lost nor used twice.
 */
public final class PartialUpload {
  private final TaskKey task;
  private final Upload upload;
  private final AtomicBoolean claimed = new AtomicBoolean();

  PartialUpload(TaskKey task, Upload upload) {
    this.task = task;
    this.upload = upload;
  }

  public TaskKey task() {
    return task;
  }

  /** Releases the memory, unless a session has taken it or it was discarded before. */
  public void discard() {
    if (claimed.compareAndSet(false, true)) {
      upload.reservation().release();
    }
  }

  /** The upload, or null if it was taken or discarded before. */
  Upload take() {
    return claimed.compareAndSet(false, true) ? upload : null;
  }
}
