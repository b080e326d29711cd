package io.speedwell.session;

import io.speedwell.protocol.BlobFormatException;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.Result;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The one task of a session, from the order to the committed result: its state, its upload, the
 * memory it holds or waits for. Owned by its session.
 *
 * <pre>
 *   WAITING   the run is not agreed on yet            given()
 *   GIVEN     the device has it, or will              result() -> RESERVING, UPLOADING or ACCEPTED
 *   RESERVING a result waits for memory               reserved() -> UPLOADING
 *   UPLOADING chunks come                             chunk() -> ACCEPTED, or refused
 *   ACCEPTED  complete and valid; waits for committed
 * </pre>
 */
final class TaskWork {
  private enum State {
    WAITING,
    GIVEN,
    RESERVING,
    UPLOADING,
    ACCEPTED
  }

  private final TaskOrder order;
  private final SessionSettings settings;
  private State state = State.WAITING;
  private int handle;
  private int blobsSent; // bit per blob of the order
  private ResultOffer offer; // while RESERVING
  private int request; // number of the reservation waited for
  private Upload
      upload; // UPLOADING; or kept from an earlier connection until its result comes again
  private boolean accepted; // also when it was on an earlier connection
  private long windowEnd;
  private int windowStart; // offset at the start of the window
  private int windowLength; // bytes that could come in it

  TaskWork(TaskOrder order, Resume resume, SessionSettings settings) {
    this.order = order;
    this.settings = settings;
    this.accepted = resume.acceptedUpdateId() != 0;
    if (!accepted) {
      this.upload =
          resume
              .partial()
              .filter(partial -> partial.task().equals(order.key()))
              .map(PartialUpload::take)
              .orElse(null);
    }
  }

  TaskOrder order() {
    return order;
  }

  TaskKey key() {
    return order.key();
  }

  /** The handle the device knows it by; 0: it does not know it yet. */
  int handle() {
    return handle;
  }

  /** The task is sent to the device under this handle. */
  void given(int newHandle) {
    handle = newHandle;
    state = accepted ? State.ACCEPTED : State.GIVEN;
  }

  /** Whether a wrap-up still means something: the device has the task, and no result of it came. */
  boolean inTraining() {
    return state == State.GIVEN;
  }

  /** Notes that a blob's last byte was sent; true when that makes the first time that all were. */
  boolean sent(int index) {
    int before = blobsSent;
    blobsSent |= 1 << index;
    return blobsSent != before && blobsSent == (1 << order.blobs().size()) - 1;
  }

  /** What a result, chunk or reservation led to. */
  sealed interface Step {}

  /** Nothing is to be done now. */
  record Wait() implements Step {}

  /** The device broke the protocol. */
  record Broken(String rule) implements Step {}

  /** The result is refused; the work is over. */
  record Unfit(int reason) implements Step {}

  /** Memory is needed. */
  record Need(long bytes) implements Step {}

  /** Credit for what is missing of a blob. */
  record Credit(int index, int offset, int length) implements Step {}

  /** The result is complete and valid for the first time. */
  record Complete(AcceptedResult result) implements Step {}

  /** The result was accepted before. */
  record Known() implements Step {}

  private static final Wait WAIT = new Wait();

  /**
   * Takes a {@code Result}. An upload that an earlier connection left goes on, or gives way to a
   * newer result.
   *
   * @param number of the reservation, should one be needed
   */
  Step result(Result message, int number, Outbox out, long nowMs) {
    if (!ResultOffer.wellFormed(message)) {
      return new Broken("Result: update_id 0 or a cause that is none");
    }
    if (state == State.ACCEPTED) {
      return new Known();
    }
    if (state != State.GIVEN) {
      return new Broken("Result: one is on its way already");
    }
    ResultOffer.Checked checked = ResultOffer.check(message, order);
    if (checked instanceof ResultOffer.Unfit unfit) {
      return new Unfit(unfit.reason());
    }
    ResultOffer next = ((ResultOffer.Fit) checked).offer();
    if (upload != null) {
      if (upload.offer().sameAs(next)) {
        return credit(nowMs);
      }
      dropUpload(out); // the device trained again
    }
    if (next.bytes() == 0) {
      state = State.ACCEPTED;
      return new Complete(
          new AcceptedResult(
              next.updateId(), next.partial(), next.numbers(), null, List.of(), null));
    }
    return reserve(next, number);
  }

  private Step reserve(ResultOffer next, int number) {
    state = State.RESERVING;
    offer = next;
    request = number;
    return new Need(next.bytes());
  }

  /** Takes memory; null if it is not what is waited for, and stays the caller's. */
  Step reserved(int number, Reservation reservation, long nowMs) {
    if (state != State.RESERVING || number != request) {
      return null;
    }
    upload = new Upload(order, offer, reservation);
    offer = null;
    return credit(nowMs);
  }

  /** Takes a chunk for this task's handle. */
  Step chunk(int index, int offset, ByteBuffer data, long nowMs) {
    if (state != State.UPLOADING || !upload.expects(index, offset, data.remaining())) {
      return new Broken("Chunk: not the next bytes of the blob granted");
    }
    int reason = upload.take(data);
    if (reason != Upload.FINE) {
      return new Unfit(reason);
    }
    if (upload.missing() > 0) {
      return WAIT;
    }
    if (upload.next()) {
      return credit(nowMs);
    }
    return complete();
  }

  private Step complete() {
    AcceptedResult result;
    try {
      result = upload.accepted(upload.metrics());
    } catch (BlobFormatException e) {
      return new Unfit(e.reason().getNumber());
    }
    upload = null;
    accepted = true;
    state = State.ACCEPTED;
    return new Complete(result);
  }

  private Step credit(long nowMs) {
    state = State.UPLOADING;
    window(nowMs);
    return new Credit(upload.index(), upload.offset(), upload.missing());
  }

  private void window(long nowMs) {
    windowEnd = nowMs + settings.uploadWindowMs();
    windowStart = upload.offset();
    windowLength = upload.missing();
  }

  /** When the upload's pace is judged next. */
  long deadline() {
    return state == State.UPLOADING ? windowEnd : Session.NEVER;
  }

  /** Judges the pace when it is due: false if too few bytes came in the window. */
  boolean paceHeld(long nowMs) {
    if (nowMs < deadline()) {
      return true;
    }
    long least = (long) settings.uploadBytesPerSecond() * settings.uploadWindowMs() / 1_000;
    if (upload.offset() - windowStart < Math.min(least, windowLength)) {
      return false;
    }
    window(nowMs);
    return true;
  }

  /** Gives up what is waited for or held. */
  void drop(Outbox out) {
    withdraw(out);
    dropUpload(out);
  }

  private void withdraw(Outbox out) {
    if (state == State.RESERVING) {
      out.add(new SessionAction.Withdraw(request));
      state = State.GIVEN;
    }
  }

  private void dropUpload(Outbox out) {
    if (upload != null) {
      out.add(new SessionAction.Release(upload.reservation()));
      upload = null;
    }
  }

  /** Hands over an upload that the lost link broke off. */
  Optional<PartialUpload> breakOff() {
    Optional<PartialUpload> partial =
        Optional.ofNullable(upload).map(held -> new PartialUpload(order.key(), held));
    upload = null;
    return partial;
  }

  /** Whether a grant lies within the order's blobs. */
  static boolean within(List<Blob> blobs, int index, int offset, int length) {
    return index >= 0
        && index < Math.min(blobs.size(), Limits.BLOBS_MAX)
        && offset >= 0
        && length >= 0
        && (long) offset + length <= blobs.get(index).length();
  }
}
