package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.RejectReason;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The session alone, event by event. */
class SessionTest {
  private static final long RUN = 77;
  private static final float[] BASE = {1, 2, 3};
  private static final TaskKey KEY = new TaskKey(RUN, 4, 5, 1);

  private final Session session = new Session(9, SessionSettings.DEFAULTS, 0);
  private final UpdateBudget budget = new UpdateBudget(1_000);
  private long now;

  // ---- helpers

  private List<SessionAction> on(SessionEvent event) {
    return session.on(event, now);
  }

  private List<SessionAction> hear(ToServer.Builder message) {
    return on(new SessionEvent.Received(message.build()));
  }

  private static ToServer.Builder message() {
    return ToServer.newBuilder();
  }

  private static Hello.Builder hello() {
    return Hello.newBuilder()
        .setVersionMin(1)
        .setVersionMax(1)
        .setDeviceId(ByteString.copyFromUtf8("d1"))
        .setFrameLimit(256)
        .setKinds(6);
  }

  private static List<ToDevice> sent(List<SessionAction> actions) {
    return actions.stream()
        .filter(a -> a instanceof SessionAction.Send)
        .map(a -> ((SessionAction.Send) a).message())
        .toList();
  }

  private static Bye bye(List<SessionAction> actions) {
    List<ToDevice> messages = sent(actions);
    assertThat(messages).hasSize(1);
    assertThat(actions).contains(new SessionAction.Close(false));
    return messages.get(0).getBye();
  }

  private static <T> T only(List<SessionAction> actions, Class<T> type) {
    List<T> found = actions.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static <T extends FleetEvent> T published(List<SessionAction> actions, Class<T> type) {
    return type.cast(only(actions, SessionAction.Publish.class).event());
  }

  private void open() {
    hear(message().setHello(hello()));
    on(new SessionEvent.Admit(3));
  }

  private static Blob parameters() {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(1).putFloat(2).putFloat(3).flip();
    return new Blob(Role.ROLE_PARAMETERS_VALUE, 0, 123, bytes);
  }

  private static TaskOrder order() {
    Blob layout = new Blob(Role.ROLE_LAYOUT_VALUE, 0, 456, ByteBuffer.allocate(300));
    RunTerms terms =
        new RunTerms(RUN, 3, 3, UpdateEncoding.WEIGHTS, 2, 0, 0, 1_000, 16, List.of(layout));
    return new TaskOrder(KEY, terms, 1, 8, 2, 0, 0, 0, 0, 0, List.of(parameters()), BASE);
  }

  /** Gives a task; the run has handle 1, the task 2. */
  private void assign() {
    open();
    on(new SessionEvent.Assign(order(), Resume.NOTHING));
    hear(message().setRunReady(RunReady.newBuilder().setRun(1)));
  }

  private static byte[] update(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static Result.Builder result(int updateId, byte[] update) {
    int crc =
        new BlobChecksum(Role.ROLE_UPDATE_VALUE, 0, RUN, 4, updateId, update.length)
            .update(update)
            .value();
    return Result.newBuilder()
        .setHandle(2)
        .setUpdateId(updateId)
        .setCause(1)
        .setExamplesHeld(10)
        .addBlobRole(Role.ROLE_UPDATE_VALUE)
        .addBlobLength(update.length)
        .addBlobCrc(crc);
  }

  private static ToServer.Builder chunk(int handle, int offset, byte[] data) {
    return message()
        .setChunk(
            Chunk.newBuilder()
                .setHandle(handle)
                .setOffset(offset)
                .setData(ByteString.copyFrom(data)));
  }

  private SessionEvent.Reserved reserve(List<SessionAction> actions) {
    SessionAction.Reserve reserve = only(actions, SessionAction.Reserve.class);
    Reservation[] granted = new Reservation[1];
    budget.request(reserve.bytes(), reservation -> granted[0] = reservation);
    return new SessionEvent.Reserved(reserve.number(), granted[0]);
  }

  private void release(List<SessionAction> actions) {
    only(actions, SessionAction.Release.class).reservation().release();
  }

  // ---- greeting

  @Test
  void aHelloIsAskedAboutThenWelcomed() {
    List<SessionAction> asked = hear(message().setHello(hello().setKeepAliveMs(500).setToken(8)));
    FleetEvent.Arrived arrived = published(asked, FleetEvent.Arrived.class);
    assertThat(arrived.profile().id()).isEqualTo("d1");
    assertThat(arrived.token()).isEqualTo(8);
    List<SessionAction> welcomed = on(new SessionEvent.Admit(3));
    assertThat(sent(welcomed).get(0).getWelcome().getToken()).isEqualTo(3);
    assertThat(sent(welcomed).get(0).getWelcome().getKeepAliveMs()).isEqualTo(1_000);
    assertThat(welcomed).contains(new SessionAction.FrameLimit(65_536));
  }

  @Test
  void whoSaysNoHelloIsSentAway() {
    assertThat(session.deadline()).isEqualTo(10_000);
    now = 10_000;
    assertThat(bye(on(new SessionEvent.Tick())).getReason()).isEqualTo(ByeReason.BYE_SILENT_VALUE);
    assertThat(on(new SessionEvent.Closed())).as("nobody was told of it").isEmpty();
  }

  @Test
  void anythingBeforeHelloIsAProtocolError() {
    assertThat(bye(hear(message().setKeepAlive(KeepAlive.getDefaultInstance()))).getReason())
        .isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "tab\t", "\u00e9", "\u007f"})
  void badIdsAreProtocolErrors(String id) {
    assertThat(
            bye(hear(message().setHello(hello().setDeviceId(ByteString.copyFromUtf8(id)))))
                .getReason())
        .isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
  }

  @Test
  void versionSelfTestAndLimitsAreJudged() {
    assertThat(
            bye(new Session(1, SessionSettings.DEFAULTS, 0)
                    .on(received(hello().setVersionMin(2).setVersionMax(3)), 0))
                .getReason())
        .isEqualTo(ByeReason.BYE_VERSION_VALUE);
    assertThat(
            bye(new Session(1, SessionSettings.DEFAULTS, 0).on(received(hello().setSelfTest(2)), 0))
                .getReason())
        .isEqualTo(ByeReason.BYE_SELF_TEST_VALUE);
    for (int limit : new int[] {0, 255, 1_048_577, -1}) {
      assertThat(
              bye(new Session(1, SessionSettings.DEFAULTS, 0)
                      .on(received(hello().setFrameLimit(limit)), 0))
                  .getReason())
          .isEqualTo(ByeReason.BYE_PROTOCOL_VALUE);
    }
  }

  private static SessionEvent received(Hello.Builder hello) {
    return new SessionEvent.Received(message().setHello(hello).build());
  }

  // ---- strictness and keep-alive

  @Test
  void malformedBytesEndTheConnectionWithTheRule() {
    open();
    Bye bye = bye(on(new SessionEvent.Malformed("varint")));
    assertThat(bye.getReason()).isEqualTo(ByeReason.BYE_MALFORMED_VALUE);
    assertThat(bye.getDetail().toStringUtf8()).isEqualTo("varint");
    assertThat(hear(message().setKeepAlive(KeepAlive.getDefaultInstance()))).isEmpty();
    now = 5_000;
    assertThat(on(new SessionEvent.Tick())).containsExactly(new SessionAction.Close(true));
    assertThat(published(on(new SessionEvent.Closed()), FleetEvent.Gone.class).why())
        .isEqualTo("BYE_MALFORMED: varint");
  }

  @Test
  void unknownMessagesAreRejectedAndRejectsAreNot() {
    open();
    Reject reject = sent(on(new SessionEvent.UnknownMessage(99))).get(0).getReject();
    assertThat(reject.getMessage()).isEqualTo(99);
    assertThat(reject.getReason()).isEqualTo(RejectReason.REJECT_UNKNOWN_MESSAGE_VALUE);
    assertThat(hear(message().setReject(Reject.newBuilder().setMessage(5)))).isEmpty();
  }

  @Test
  void keepAliveIsAnsweredAndSilenceEndsTheSession() {
    open();
    assertThat(session.deadline()).isEqualTo(150_000);
    now = 100_000;
    assertThat(sent(hear(message().setKeepAlive(KeepAlive.getDefaultInstance()))).get(0))
        .matches(m -> m.getKeepAlive().getReply());
    now = 249_999;
    assertThat(on(new SessionEvent.Tick())).isEmpty();
    now = 250_000;
    assertThat(bye(on(new SessionEvent.Tick())).getReason()).isEqualTo(ByeReason.BYE_SILENT_VALUE);
  }

  @Test
  void aProbedDeviceThatAnswersStays() {
    open();
    assertThat(sent(on(new SessionEvent.Probe())).get(0).hasKeepAlive()).isTrue();
    assertThat(session.deadline()).isEqualTo(5_000);
    now = 4_000;
    hear(message().setKeepAlive(KeepAlive.newBuilder().setReply(true)));
    assertThat(session.deadline()).isEqualTo(154_000);
    on(new SessionEvent.Probe());
    now = 9_000;
    assertThat(bye(on(new SessionEvent.Tick())).getReason()).isEqualTo(ByeReason.BYE_SILENT_VALUE);
  }

  @Test
  void aDevicesGoodbyeIsNotAnswered() {
    open();
    assertThat(hear(message().setBye(Bye.getDefaultInstance())))
        .containsExactly(new SessionAction.Close(false));
  }

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

    SessionTest next = new SessionTest();
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
    SessionTest next = new SessionTest();
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
  void anIdleSessionHoldsNoCollectionAndNoBuffer() {
    for (Class<?> type : List.of(Session.class, RunWork.class, Outbox.Meter.class)) {
      assertThat(Arrays.stream(type.getDeclaredFields()).filter(f -> !f.isSynthetic()))
          .hasSizeLessThan(16)
          .noneMatch(
              f ->
                  Collection.class.isAssignableFrom(f.getType())
                      || Map.class.isAssignableFrom(f.getType())
                      || Buffer.class.isAssignableFrom(f.getType())
                      || f.getType().isArray());
    }
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
