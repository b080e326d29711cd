package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.RejectReason;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.TaskKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs and tasks within an open session: downloads, results, resumption. */
class SessionTaskTest extends SessionFixture {
  // ---- downloads

  @Test
  void chunksStayWithinCreditAndFrameLimitAndAreGivenInTurns() {
    open();
    on(new SessionEvent.Assign(order(), Resume.NOTHING));
    assertThat(session.wantsToSend()).isFalse();
    hear(message().setGrant(Grant.newBuilder().setHandle(1).setLength(290)));
    assertThat(session.wantsToSend()).isTrue();
    List<SessionAction> actions = on(new SessionEvent.Writable());
    int next = 0;
    for (SessionAction action : actions) {
      SessionAction.SendChunk chunk = (SessionAction.SendChunk) action;
      assertThat(chunk.offset()).isEqualTo(next);
      assertThat(chunk.frameSize()).isLessThanOrEqualTo(256);
      next += chunk.length();
    }
    assertThat(next).isEqualTo(290);
    assertThat(session.wantsToSend()).isFalse();
    hear(message().setGrant(Grant.newBuilder().setHandle(1).setOffset(290).setLength(10)));
    assertThat(on(new SessionEvent.Writable())).hasSize(1);
  }

  @Test
  void theLastByteOfTheParametersBeginsTheWork() {
    assign();
    hear(message().setGrant(Grant.newBuilder().setHandle(2).setLength(12)));
    List<SessionAction> actions = on(new SessionEvent.Writable());
    assertThat(published(actions, FleetEvent.Began.class).task()).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"beyond", "index", "gap"})
  void grantsThatCannotBeAreProtocolErrors(String how) {
    open();
    on(new SessionEvent.Assign(order(), Resume.NOTHING));
    hear(message().setGrant(Grant.newBuilder().setHandle(1).setLength(10)));
    Grant.Builder grant = Grant.newBuilder().setHandle(1);
    switch (how) {
      case "beyond" -> grant.setOffset(10).setLength(291);
      case "index" -> grant.setBlob(1).setLength(1);
      default -> grant.setOffset(20).setLength(10);
    }
    assertThat(bye(hear(message().setGrant(grant))).getReason())
        .isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
  }

  // ---- results

  @Test
  void creditComesOnlyAgainstMemoryForTheWholeBlob() {
    assign();
    byte[] update = update(1, 2.5f, 3);
    List<SessionAction> asked = hear(message().setResult(result(6, update)));
    assertThat(sent(asked)).isEmpty();
    Grant grant = sent(on(reserve(asked))).get(0).getGrant();
    assertThat(grant.getOffset()).isZero();
    assertThat(grant.getLength()).isEqualTo(12);
    hear(chunk(2, 0, Arrays.copyOf(update, 5)));
    List<SessionAction> done = hear(chunk(2, 5, Arrays.copyOfRange(update, 5, 12)));
    assertThat(sent(done).get(0).getAccepted().getUpdateId()).isEqualTo(6);
    AcceptedResult result = published(done, FleetEvent.Accepted.class).result();
    assertThat(result.update().orElseThrow().values()).containsExactly(1, 2.5f, 3);
    assertThat(result.numbers().examplesHeld()).isEqualTo(10);
    assertThat(budget.free()).isEqualTo(988);
    result.release();
    assertThat(budget.free()).isEqualTo(1_000);
    assertThat(sent(hear(message().setResult(result(6, update)))).get(0).hasAccepted()).isTrue();
    assertThat(sent(hear(message().setResult(result(7, update)))).get(0).hasAccepted()).isTrue();
    assertThat(sent(on(new SessionEvent.Committed(KEY))).get(0).getCommitted().getRound())
        .isEqualTo(4);
    assertThat(sent(hear(message().setResult(result(6, update)))).get(0).getCancel().getReason())
        .isEqualTo(CancelReason.CANCEL_ROUND_OVER_VALUE);
  }

  @Test
  void anEvaluationMayStateAnyNumberOfExamples() {
    for (int examples : new int[] {0, Integer.MAX_VALUE, -1}) {
      Result result =
          Result.newBuilder()
              .setHandle(2)
              .setUpdateId(6)
              .setCause(1)
              .setExamplesHeld(examples)
              .build();
      assertThat(ResultOffer.check(result, order(TaskKind.TASK_KIND_EVALUATE_VALUE)))
          .isInstanceOf(ResultOffer.Fit.class);
    }
  }

  private enum Wrong {
    NO_EXAMPLES(CancelReason.CANCEL_EXAMPLES),
    TOO_MANY_EXAMPLES(CancelReason.CANCEL_EXAMPLES),
    NEGATIVE_EXAMPLES(CancelReason.CANCEL_EXAMPLES),
    NAN_LOSS(CancelReason.CANCEL_NON_FINITE),
    NO_BLOB(CancelReason.CANCEL_BLOBS),
    TWO_UPDATES(CancelReason.CANCEL_BLOBS),
    FOREIGN_ROLE(CancelReason.CANCEL_BLOBS),
    WRONG_ENCODING(CancelReason.CANCEL_BLOBS),
    LISTS_DIFFER(CancelReason.CANCEL_BLOBS),
    SHORT(CancelReason.CANCEL_LENGTH),
    LARGE_METRICS(CancelReason.CANCEL_LENGTH);

    private final CancelReason reason;

    Wrong(CancelReason reason) {
      this.reason = reason;
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void aResultWithWrongNumbersOrListsIsCancelledBeforeAnyMemory(Wrong wrong) {
    assign();
    Result.Builder result = result(6, update(1, 2, 3));
    switch (wrong) {
      case NO_EXAMPLES -> result.setExamplesHeld(0);
      case TOO_MANY_EXAMPLES -> result.setExamplesHeld(1_001);
      case NEGATIVE_EXAMPLES -> result.setExamplesHeld(-1);
      case NAN_LOSS -> result.setLossAfter(Float.NaN);
      case NO_BLOB -> result.clearBlobRole().clearBlobLength().clearBlobCrc();
      case TWO_UPDATES -> result.addBlobRole(17).addBlobLength(12).addBlobCrc(1);
      case FOREIGN_ROLE -> result.addBlobRole(24).addBlobLength(12).addBlobCrc(1);
      case WRONG_ENCODING -> result.addBlobEncoding(1);
      case LISTS_DIFFER -> result.addBlobCrc(1);
      case SHORT -> result.setBlobLength(0, 8);
      case LARGE_METRICS -> result.addBlobRole(18).addBlobLength(1_025).addBlobCrc(1);
    }
    List<SessionAction> actions = hear(message().setResult(result));
    assertThat(sent(actions).get(0).getCancel().getReason()).isEqualTo(wrong.reason.getNumber());
    assertThat(published(actions, FleetEvent.Rejected.class).reason())
        .isEqualTo(wrong.reason.getNumber());
    assertThat(actions).noneMatch(a -> a instanceof SessionAction.Reserve);
  }

  @Test
  void aValueThatIsNotFiniteEndsTheUploadAndGivesTheMemoryBack() {
    assign();
    byte[] update = update(1, Float.NaN, 3);
    on(reserve(hear(message().setResult(result(6, update)))));
    List<SessionAction> actions = hear(chunk(2, 0, update));
    assertThat(sent(actions).get(0).getCancel().getReason())
        .isEqualTo(CancelReason.CANCEL_NON_FINITE_VALUE);
    release(actions);
    assertThat(budget.free()).isEqualTo(1_000);
    assertThat(hear(chunk(2, 12, update))).as("it crossed the cancel").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void chunksThatCannotBeAreProtocolErrors(int how) {
    assign();
    byte[] update = update(1, 2, 3);
    if (how > 1) {
      on(reserve(hear(message().setResult(result(6, update)))));
    }
    List<SessionAction> actions =
        switch (how) {
          case 1 -> hear(chunk(2, 0, update)); // without credit
          case 2 -> hear(chunk(2, 4, new byte[4])); // a gap
          case 3 -> hear(chunk(2, 0, new byte[13])); // beyond credit
          default -> hear(chunk(2, 0, new byte[0]));
        };
    assertThat(bye(actions).getReason()).isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
  }

  @Test
  void aMemoryGrantThatComesTooLateIsGivenBack() {
    assign();
    List<SessionAction> asked = hear(message().setResult(result(6, update(1, 2, 3))));
    SessionEvent.Reserved late = reserve(asked);
    assertThat(on(new SessionEvent.Cancel(KEY, 1)))
        .contains(new SessionAction.Withdraw(late.number()));
    release(on(late));
    assertThat(budget.free()).isEqualTo(1_000);
  }

  @Test
  void aGrantAfterTheLinkIsLostIsGivenBackToo() {
    assign();
    SessionEvent.Reserved late = reserve(hear(message().setResult(result(6, update(1, 2, 3)))));
    assertThat(on(new SessionEvent.Closed())).contains(new SessionAction.Withdraw(late.number()));
    release(on(late));
    assertThat(budget.free()).isEqualTo(1_000);
  }

  @Test
  void aBrokenUploadGoesOnInTheNextSessionAndIsUsedOnce() {
    assign();
    byte[] update = update(1, 2.5f, 3);
    on(reserve(hear(message().setResult(result(6, update)))));
    hear(chunk(2, 0, Arrays.copyOf(update, 7)));
    PartialUpload partial =
        published(on(new SessionEvent.Closed()), FleetEvent.Gone.class).partial().orElseThrow();
    assertThat(budget.free()).isEqualTo(988);

    SessionFixture next = new SessionFixture();
    next.open();
    next.on(new SessionEvent.Assign(order(), new Resume(0, Optional.of(partial))));
    partial.discard();
    assertThat(budget.free()).as("taken: discarding does nothing").isEqualTo(988);
    next.hear(message().setRunReady(RunReady.newBuilder().setRun(1)));
    List<SessionAction> granted = next.hear(message().setResult(result(6, update)));
    assertThat(sent(granted).get(0).getGrant().getOffset()).isEqualTo(7);
    List<SessionAction> done = next.hear(chunk(2, 7, Arrays.copyOfRange(update, 7, 12)));
    AcceptedResult result = published(done, FleetEvent.Accepted.class).result();
    assertThat(result.update().orElseThrow().values()).containsExactly(1, 2.5f, 3);
    result.release();
    assertThat(budget.free()).isEqualTo(1_000);
  }

  @Test
  void aKeptUploadOfAnOlderTrainingGivesWay() {
    assign();
    byte[] update = update(1, 2.5f, 3);
    on(reserve(hear(message().setResult(result(6, update)))));
    hear(chunk(2, 0, Arrays.copyOf(update, 7)));
    PartialUpload partial =
        published(on(new SessionEvent.Closed()), FleetEvent.Gone.class).partial().orElseThrow();
    SessionFixture next = new SessionFixture();
    next.open();
    next.on(new SessionEvent.Assign(order(), new Resume(0, Optional.of(partial))));
    next.hear(message().setRunReady(RunReady.newBuilder().setRun(1)));
    List<SessionAction> asked = next.hear(message().setResult(result(7, update)));
    release(asked);
    assertThat(budget.free()).isEqualTo(1_000);
    assertThat(only(asked, SessionAction.Reserve.class).bytes()).isEqualTo(12);
  }

  @Test
  void aPartialUploadIsTakenOrDiscardedByWhoeverIsFirst() {
    assign();
    on(reserve(hear(message().setResult(result(6, update(1, 2, 3))))));
    PartialUpload partial =
        published(on(new SessionEvent.Closed()), FleetEvent.Gone.class).partial().orElseThrow();
    partial.discard();
    partial.discard();
    assertThat(budget.free()).isEqualTo(1_000);
    assertThat(partial.take()).isNull();
  }

  @Test
  void aSecondResultWhileTheFirstIsOnItsWayIsAProtocolError() {
    assign();
    hear(message().setResult(result(6, update(1, 2, 3))));
    assertThat(bye(hear(message().setResult(result(7, update(1, 2, 3))))).getReason())
        .isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
  }

  @Test
  void aForeignHandleIsRejected() {
    assign();
    Reject reject =
        sent(hear(message().setResult(result(6, update(1, 2, 3)).setHandle(40))))
            .get(0)
            .getReject();
    assertThat(reject.getReason()).isEqualTo(RejectReason.REJECT_UNKNOWN_HANDLE_VALUE);
  }

  @Test
  void whoBreaksTheProtocolLosesTheMemoryAtOnce() {
    assign();
    on(reserve(hear(message().setResult(result(6, update(1, 2, 3))))));
    release(hear(chunk(2, 8, new byte[4])));
    assertThat(budget.free()).isEqualTo(1_000);
    assertThat(published(on(new SessionEvent.Closed()), FleetEvent.Gone.class).partial()).isEmpty();
  }
}
