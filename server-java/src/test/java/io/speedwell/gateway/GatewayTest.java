package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.netty.channel.Channel;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.ToServer;
import io.speedwell.session.Blob;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.Resume;
import io.speedwell.session.RunTerms;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.TaskKey;
import io.speedwell.session.TaskOrder;
import io.speedwell.session.UpdateBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real sockets; the coordinator is played by the test. */
class GatewayTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Gateway gateway =
      new Gateway(
          2,
          SessionSettings.DEFAULTS,
          ConnectionLimits.DEFAULTS,
          new UpdateBudget(1 << 20),
          () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  private final BlockingQueue<FleetEvent> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private volatile boolean hasRoom = true;
  private InetSocketAddress address;

  /** Lets everybody in. */
  private final FleetEvents coordinator =
      new FleetEvents() {
        @Override
        public boolean publish(FleetEvent event) {
          events.add(event);
          if (event instanceof FleetEvent.Arrived) {
            gateway.sessions().tell(event.session(), new SessionEvent.Admit(7));
          }
          return hasRoom;
        }

        @Override
        public void whenRoom(Runnable room) {
          waiting.add(room);
        }
      };

  @BeforeEach
  void listen() throws IOException {
    address = gateway.listen(ANY_PORT, coordinator);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void welcomesADeviceWhoseBytesComeOneByOne() throws Exception {
    try (RawDevice device = new RawDevice(address)) {
      device.dribble(ToServer.newBuilder().setHello(RawDevice.hello("slow")).build());
      assertThat(device.read().getWelcome().getVersion()).isEqualTo(1);
    }
    assertThat(next(FleetEvent.Arrived.class).profile().id()).isEqualTo("slow");
    next(FleetEvent.Gone.class);
  }

  @ParameterizedTest
  @CsvSource({
    "474554202f20485454502f312e31, wire-type", // GET / HTTP/1.1
    "ffffffff0f, length-limit", // 4 GB
    "ac02, length-limit", // 300 bytes before the hello
    "00, length-zero",
    "0100, field-number"
  })
  void closesWhoSendsGarbageAndNobodyElse(String bytes, String rule) throws Exception {
    try (RawDevice good = new RawDevice(address).enter("good");
        RawDevice bad = new RawDevice(address)) {
      bad.sendHex(bytes + "00".repeat(80));
      Bye bye = bad.read().getBye();
      assertThat(bye.getReason()).isEqualTo(ByeReason.BYE_MALFORMED_VALUE);
      assertThat(bye.getDetail().toStringUtf8()).isEqualTo(rule);
      assertThat(bad.read()).as("the server has closed").isNull();

      good.send(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder()));
      assertThat(good.read().getKeepAlive().getReply()).isTrue();
    }
  }

  @Test
  void takesLargerFramesOnceADeviceIsIn() throws Exception {
    Chunk.Builder ofNoTask =
        Chunk.newBuilder().setHandle(9).setData(ByteString.copyFrom(new byte[60_000]));
    try (RawDevice device = new RawDevice(address).enter("large")) {
      device.send(ToServer.newBuilder().setChunk(ofNoTask));
      device.send(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder()));
      assertThat(device.read().hasKeepAlive()).isTrue();
      device.send(
          ToServer.newBuilder().setChunk(ofNoTask.setData(ByteString.copyFrom(new byte[65_536]))));
      assertThat(device.read().getBye().getReason()).isEqualTo(ByeReason.BYE_MALFORMED_VALUE);
    }
  }

  @Test
  void answersAMessageItDoesNotKnow() throws Exception {
    try (RawDevice device = new RawDevice(address).enter("newer")) {
      device.sendHex("03a20600");
      Reject reject = device.read().getReject();
      assertThat(reject.getMessage()).isEqualTo(100);
    }
  }

  @Test
  void saysGoodbyeThoughThePeerStillSends() throws Exception {
    try (RawDevice device = new RawDevice(address).enter("talker")) {
      byte[] noise = new byte[30_000];
      device.sendHex("00");
      device.sendBytes(noise);
      assertThat(device.read().getBye().getReason()).isEqualTo(ByeReason.BYE_MALFORMED_VALUE);
      assertThat(device.read()).isNull();
    }
  }

  @Test
  void sendsALargeModelOnlyAsFastAsItIsTaken() throws Exception {
    byte[] model = new byte[24 << 20];
    new Random(5).nextBytes(model);
    ByteBuffer shared = ByteBuffer.allocateDirect(model.length).put(model).flip();
    Blob blob = new Blob(Role.ROLE_PARAMETERS_VALUE, 0, 1234, shared);
    try (RawDevice device = new RawDevice(address).enter("reader")) {
      long session = next(FleetEvent.Arrived.class).session();
      gateway.sessions().tell(session, assign(blob));
      int run = device.read().getRunOffer().getHandle();
      device.send(ToServer.newBuilder().setRunReady(RunReady.newBuilder().setRun(run)));
      int task = device.read().getTask().getHandle();
      device.send(
          ToServer.newBuilder()
              .setGrant(Grant.newBuilder().setHandle(task).setLength(model.length)));

      Channel channel = gateway.connections().get(0);
      await().until(() -> !channel.isWritable() && !channel.config().isAutoRead());
      long waiting = channel.eventLoop().submit(() -> pending(channel)).get();
      assertThat(waiting).as("bytes that wait for the reader").isBetween(1L, 1L << 20);

      ByteBuffer read = ByteBuffer.allocate(model.length);
      while (read.hasRemaining()) {
        Chunk chunk = device.read().getChunk();
        assertThat(chunk.getOffset()).isEqualTo(read.position());
        read.put(chunk.getData().asReadOnlyByteBuffer());
      }
      assertThat(read.array()).isEqualTo(model);
      next(FleetEvent.Began.class);
      await().until(() -> channel.config().isAutoRead());
    }
  }

  @Test
  void doesNotReadFromADeviceWhileTheCoordinatorHasNoRoom() throws Exception {
    hasRoom = false;
    try (RawDevice device = new RawDevice(address).enter("eager")) {
      Channel channel = gateway.connections().get(0);
      Runnable room = waiting.poll(30, TimeUnit.SECONDS);
      assertThat(channel.config().isAutoRead()).isFalse();
      room.run();
      await().until(() -> channel.config().isAutoRead());
      device.send(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder()));
      assertThat(device.read().hasKeepAlive()).isTrue();
    }
  }

  @Test
  void closesAConnectionOnCommand() throws Exception {
    try (RawDevice device = new RawDevice(address).enter("guest")) {
      long session = next(FleetEvent.Arrived.class).session();
      gateway
          .sessions()
          .tell(session, new SessionEvent.Bye(ByeReason.BYE_SHUTDOWN_VALUE, 1_500, ""));
      Bye bye = device.read().getBye();
      assertThat(bye.getRetryAfterMs()).isEqualTo(1_500);
      assertThat(device.read()).isNull();
      device.hangUp();
      assertThat(gateway.awaitQuiet(Duration.ofSeconds(30))).isTrue();
      assertThat(next(FleetEvent.Gone.class).session()).isEqualTo(session);
    }
  }

  @Test
  void refusesAPortInUse() {
    assertThatThrownBy(() -> gateway.listen(address, coordinator))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
  }

  private static long pending(Channel channel) {
    return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
  }

  static SessionEvent.Assign assign(Blob blob) {
    RunTerms terms =
        new RunTerms(
            1,
            blob.length() / 4,
            blob.length() / 4,
            UpdateEncoding.WEIGHTS,
            1 << 1,
            0,
            0,
            100,
            1,
            List.of());
    TaskOrder order =
        new TaskOrder(new TaskKey(1, 1, 1, 1), terms, 1, 0, 1, 0, 0, 0, 0, 0, List.of(blob), null);
    return new SessionEvent.Assign(order, Resume.NOTHING);
  }

  private <E extends FleetEvent> E next(Class<E> type) throws InterruptedException {
    for (FleetEvent event = events.poll(30, TimeUnit.SECONDS);
        event != null;
        event = events.poll(30, TimeUnit.SECONDS)) {
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
    throw new AssertionError("no " + type.getSimpleName() + " was published");
  }
}
