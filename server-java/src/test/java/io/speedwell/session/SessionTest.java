package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.RejectReason;
import java.nio.Buffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection: greeting, strictness, keep-alive. */
class SessionTest extends SessionFixture {
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

  @Test
  void anIdleSessionHoldsNoCollectionAndNoBuffer() {
    for (Class<?> type : List.of(Session.class, RunWork.class)) {
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
}
