package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.TaskKind;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One session and what a test does with it, event by event. */
class SessionFixture {
  static final long RUN = 77;
  static final float[] BASE = {1, 2, 3};
  static final TaskKey KEY = new TaskKey(RUN, 4, 5, 1);

  final Session session = new Session(9, SessionSettings.DEFAULTS, 0);
  final UpdateBudget budget = new UpdateBudget(1_000);
  long now;

  List<SessionAction> on(SessionEvent event) {
    return session.on(event, now);
  }

  List<SessionAction> hear(ToServer.Builder message) {
    return on(Incoming.read(ByteBuffer.wrap(message.build().toByteArray())));
  }

  static ToServer.Builder message() {
    return ToServer.newBuilder();
  }

  static Hello.Builder hello() {
    return Hello.newBuilder()
        .setVersionMin(1)
        .setVersionMax(1)
        .setDeviceId(ByteString.copyFromUtf8("d1"))
        .setFrameLimit(256)
        .setKinds(6);
  }

  static List<ToDevice> sent(List<SessionAction> actions) {
    return actions.stream()
        .filter(a -> a instanceof SessionAction.Send)
        .map(a -> ((SessionAction.Send) a).message())
        .toList();
  }

  static Bye bye(List<SessionAction> actions) {
    List<ToDevice> messages = sent(actions);
    assertThat(messages).hasSize(1);
    assertThat(actions).contains(new SessionAction.Close(false));
    return messages.get(0).getBye();
  }

  static <T> T only(List<SessionAction> actions, Class<T> type) {
    List<T> found = actions.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  static <T extends FleetEvent> T published(List<SessionAction> actions, Class<T> type) {
    return type.cast(only(actions, SessionAction.Publish.class).event());
  }

  void open() {
    hear(message().setHello(hello()));
    on(new SessionEvent.Admit(3));
  }

  static Blob parameters() {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(1).putFloat(2).putFloat(3).flip();
    return new Blob(Role.ROLE_PARAMETERS_VALUE, 0, 123, bytes);
  }

  static TaskOrder order() {
    return order(TaskKind.TASK_KIND_TRAIN_VALUE);
  }

  static TaskOrder order(int kind) {
    Blob layout = new Blob(Role.ROLE_LAYOUT_VALUE, 0, 456, ByteBuffer.allocate(300));
    RunTerms terms =
        new RunTerms(RUN, 3, 3, UpdateEncoding.WEIGHTS, 2, 0, 0, 1_000, 16, List.of(layout));
    return new TaskOrder(KEY, terms, kind, 8, 2, 0, 0, 0, 0, 0, List.of(parameters()), BASE);
  }

  /** Gives a task; the run has handle 1, the task 2. */
  void assign() {
    open();
    on(new SessionEvent.Assign(order(), Resume.NOTHING));
    hear(message().setRunReady(RunReady.newBuilder().setRun(1)));
  }

  static byte[] update(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  static Result.Builder result(int updateId, byte[] update) {
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

  static ToServer.Builder chunk(int handle, int offset, byte[] data) {
    return message()
        .setChunk(
            Chunk.newBuilder()
                .setHandle(handle)
                .setOffset(offset)
                .setData(ByteString.copyFrom(data)));
  }

  SessionEvent.Reserved reserve(List<SessionAction> actions) {
    SessionAction.Reserve reserve = only(actions, SessionAction.Reserve.class);
    Reservation[] granted = new Reservation[1];
    budget.request(reserve.bytes(), reservation -> granted[0] = reservation);
    return new SessionEvent.Reserved(reserve.number(), granted[0]);
  }

  void release(List<SessionAction> actions) {
    only(actions, SessionAction.Release.class).reservation().release();
  }
}
