package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.ToServer;
import io.speedwell.session.Blob;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is turned away, who is not, and what slow readers may hold. */
class ConnectionLimitsTest {
  private static final SessionSettings SETTINGS =
      new SessionSettings(60_000, 65_536, 10_000, 300, 10_000, 64, 16);

  private Gateway gateway;
  private InetSocketAddress address;
  private volatile long session;

  private void listen(ConnectionLimits limits) throws IOException {
    gateway =
        new Gateway(
            2,
            SETTINGS,
            limits,
            new UpdateBudget(1 << 20),
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    address =
        gateway.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new FleetEvents() {
              @Override
              public boolean publish(FleetEvent event) {
                if (event instanceof FleetEvent.Arrived) {
                  session = event.session();
                  gateway.sessions().tell(session, new SessionEvent.Admit(7));
                }
                return true;
              }

              @Override
              public void whenRoom(Runnable room) {
                room.run();
              }
            });
  }

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private long refused(Refusals.Reason reason) {
    return gateway.refusals().count(reason);
  }

  private static void assertReset(RawDevice device) {
    assertThatThrownBy(device::read).isInstanceOf(IOException.class);
  }

  @Test
  void thereAreNoMoreConnectionsThanThereMayBe() throws Exception {
    listen(new ConnectionLimits(2, 0, 10, 1_000));
    try (RawDevice first = new RawDevice(address).enter("first");
        RawDevice second = new RawDevice(address).enter("second")) {
      try (RawDevice third = new RawDevice(address)) {
        assertReset(third);
      }
      assertThat(refused(Refusals.Reason.TOTAL)).isEqualTo(1);
      assertThat(gateway.open()).isEqualTo(2);
      first.close();
      await().until(() -> gateway.open() == 1);
      new RawDevice(address).enter("third").close();
    }
    await().until(() -> gateway.open() == 0);
  }

  @Test
  void oneAddressCannotTakeThePlacesOfOthers() throws Exception {
    listen(new ConnectionLimits(10, 1, 10, 1_000));
    try (RawDevice first = new RawDevice(address, "127.0.0.2").enter("first");
        RawDevice second = new RawDevice(address, "127.0.0.2");
        RawDevice other = new RawDevice(address, "127.0.0.3").enter("other")) {
      assertReset(second);
      assertThat(refused(Refusals.Reason.ADDRESS)).isEqualTo(1);
      first.close();
      await().until(() -> gateway.open() == 1);
      new RawDevice(address, "127.0.0.2").enter("second").close();
      assertThat(other).isNotNull();
    }
  }

  @Test
  void whoHasSaidHelloIsNoStranger() throws Exception {
    listen(new ConnectionLimits(10, 0, 2, 1_000));
    try (RawDevice known = new RawDevice(address).enter("known");
        RawDevice more = new RawDevice(address).enter("more");
        RawDevice silent = new RawDevice(address);
        RawDevice alsoSilent = new RawDevice(address)) {
      await().until(() -> gateway.open() == 4);
      try (RawDevice tooMany = new RawDevice(address)) {
        assertReset(tooMany);
      }
      assertThat(refused(Refusals.Reason.STRANGERS)).isEqualTo(1);
      silent.enter("silent");
      new RawDevice(address).enter("welcome").close();
      assertThat(known).isNotEqualTo(more);
      assertThat(alsoSilent).isNotNull();
    }
  }

  @Test
  void everyListenerHasThePace() throws Exception {
    listen(ConnectionLimits.DEFAULTS);
    assertThat(gateway.listeners())
        .singleElement()
        .satisfies(listener -> assertThat(listener.pipeline().get(AcceptPace.class)).isNotNull());
  }

  @Test
  void aStormWaits() {
    EmbeddedChannel listener = new EmbeddedChannel(new AcceptPace(100));
    for (int i = 0; i < 5; i++) {
      assertThat(listener.config().isAutoRead()).isTrue();
      listener.writeInbound(i);
    }
    assertThat(listener.config().isAutoRead()).as("a slice's worth is taken").isFalse();
    listener.writeInbound(5); // one read takes several
    listener.advanceTimeBy(AcceptPace.SLICE_MS, TimeUnit.MILLISECONDS);
    listener.runScheduledPendingTasks();
    assertThat(listener.config().isAutoRead()).isTrue();
    for (int i = 0; i < 4; i++) {
      assertThat(listener.config().isAutoRead()).isTrue();
      listener.writeInbound(i);
    }
    assertThat(listener.config().isAutoRead()).as("one less, for the one too many").isFalse();
    assertThat(listener.inboundMessages()).as("nobody is turned away").hasSize(10);
  }

  @Test
  void aSlowReaderDoesNotHoldAModelThatIsNotWantedAnyMore() throws Exception {
    listen(ConnectionLimits.DEFAULTS);
    ByteBuffer model = ByteBuffer.allocateDirect(24 << 20);
    Blob blob = new Blob(Role.ROLE_PARAMETERS_VALUE, 0, 1234, model);
    try (RawDevice slow = new RawDevice(address).enter("slow");
        RawDevice other = new RawDevice(address)) {
      SessionEvent.Assign assign = GatewayTest.assign(blob);
      gateway.sessions().tell(session, assign);
      int run = slow.read().getRunOffer().getHandle();
      slow.send(ToServer.newBuilder().setRunReady(RunReady.newBuilder().setRun(run)));
      int task = slow.read().getTask().getHandle();
      slow.send(
          ToServer.newBuilder()
              .setGrant(Grant.newBuilder().setHandle(task).setLength(blob.length())));
      Channel channel =
          await()
              .until(
                  () -> gateway.connections().stream().filter(c -> !c.isWritable()).findAny(),
                  Optional::isPresent)
              .orElseThrow();
      await().during(Duration.ofMillis(300)).until(() -> !channel.isWritable());
      gateway
          .sessions()
          .tell(
              session,
              new SessionEvent.Cancel(assign.order().key(), CancelReason.CANCEL_ROUND_OVER_VALUE));
      await().until(() -> refused(Refusals.Reason.SLOW_READER) == 1);
      await().until(() -> gateway.open() == 1);
      other.enter("other");
    }
  }

  @Test
  void networksCountByWhatOneSubscriberGets() throws Exception {
    assertThat(Source.of(InetAddress.getByName("2001:db8:1:2::1")))
        .isEqualTo(Source.of(InetAddress.getByName("2001:db8:1:2:3:4:5:6")))
        .isNotEqualTo(Source.of(InetAddress.getByName("2001:db8:1:3::1")));
    assertThat(Source.of(InetAddress.getByName("127.0.0.1")))
        .isNotEqualTo(Source.of(InetAddress.getByName("127.0.0.2")));
  }

  @Test
  void sourcesThatAreGoneTakeNoMemory() throws Exception {
    SourceCount count = new SourceCount(1);
    Source source = Source.of(InetAddress.getByName("127.0.0.1"));
    assertThat(count.enter(source)).isTrue();
    assertThat(count.enter(source)).isFalse();
    count.leave(source);
    assertThat(count.sources()).isZero();
    assertThat(count.enter(source)).isTrue();
  }
}
