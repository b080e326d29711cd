package io.speedwell.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.sse.ServerSentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class EventHubTest {
  private final EventHub hub = new EventHub();

  /** Reads as much as it is told to. */
  private static final class Reader implements Subscriber<ServerSentEvent> {
    final List<String> types = new ArrayList<>();
    final CompletableFuture<Throwable> dropped = new CompletableFuture<>();
    final CompletableFuture<Void> begun = new CompletableFuture<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long wants;
    private final String last;

    Reader(long wants, String last) {
      this.wants = wants;
      this.last = last;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      if (wants > 0) {
        subscription.request(wants);
      }
    }

    @Override
    public void onNext(ServerSentEvent event) {
      begun.complete(null);
      types.add(event.event());
      if (last.equals(event.event())) {
        ended.complete(null);
      }
    }

    @Override
    public void onError(Throwable problem) {
      dropped.complete(problem);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void aReaderThatDoesNotReadIsDroppedAndTheOthersMissNothing() throws Exception {
    Reader slow = new Reader(3, "");
    Reader quick = new Reader(Long.MAX_VALUE, "run-failed");
    hub.open("").subscribe(slow);
    hub.open("").subscribe(quick);
    quick.begun.get(30, TimeUnit.SECONDS);
    for (int i = 0; i < 5_000; i++) {
      hub.listener().deviceJoined("d" + i, i);
    }
    hub.listener().runFailed("r", "over");
    quick.ended.get(30, TimeUnit.SECONDS);
    assertThat(quick.types).hasSize(1 + 5_000 + 1);
    assertThat(slow.dropped.get(30, TimeUnit.SECONDS)).hasMessage("the reader is too slow");
    assertThat(slow.types).hasSize(3);
    assertThat(hub.slowReaders()).isEqualTo(1);
    assertThat(hub.readers()).isEqualTo(1);
  }

  @Test
  void aReaderOfOneRunHearsNothingOfOthers() throws Exception {
    Reader reader = new Reader(Long.MAX_VALUE, "run-failed");
    hub.open("mine").subscribe(reader);
    hub.listener().runStarted("other", 0);
    hub.listener().deviceJoined("d", 1);
    hub.listener().runFailed("mine", "over");
    reader.ended.get(30, TimeUnit.SECONDS);
    assertThat(reader.types).containsExactly(null, "run-failed");
  }

  @Test
  void theEndOfTheServerEndsEveryStream() throws Exception {
    Reader reader = new Reader(Long.MAX_VALUE, "");
    hub.open("").subscribe(reader);
    hub.close();
    reader.ended.get(30, TimeUnit.SECONDS);
    assertThat(reader.dropped).isNotDone();
  }
}
