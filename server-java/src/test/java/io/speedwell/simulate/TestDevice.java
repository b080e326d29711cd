package io.speedwell.simulate;

import com.google.protobuf.ByteString;
import io.speedwell.model.SplitMix64;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.Cause;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Encoding;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.MetricsBlob;
import io.speedwell.protocol.Refuse;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.Task;
import io.speedwell.protocol.TaskKind;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small device in Java that speaks the protocol, resumes, and misbehaves when told to. */
final class TestDevice extends TestEndpoint {
  static final int TRAIN = 1 << TaskKind.TASK_KIND_TRAIN_VALUE;
  static final int EVALUATE = 1 << TaskKind.TASK_KIND_EVALUATE_VALUE;

  /** What is wrong with its results. */
  enum Fault {
    NONE,
    NAN,
    INFINITE,
    RANGE,
    CHECKSUM,
    LENGTH,
    NO_EXAMPLES,
    FOREIGN_HANDLE,
    STALLS // sends half of the update, then only keep-alives
  }

  // ---- what a test may set

  int kinds = TRAIN | EVALUATE;
  int examples = 10;
  long trainMs = 100;
  int keepAliveMs = 0;
  long backoffMs = 500;
  int refuseTaskWith = -1;
  int refuseRunWith = -1;
  boolean ignoresWrapUp;
  boolean mute; // says nothing more, and does not connect again
  boolean repeatsResult; // sends its result again once it is accepted
  Fault fault = Fault.NONE;
  float accuracy = 0.5f;

  // ---- what a test may look at

  final List<ToDevice> heard = new ArrayList<>();
  final Map<Integer, float[]> updates = new HashMap<>(); // by round
  int accepted;
  int committed;
  int cancelled;
  int connections;
  int lastUpdateId;
  long resumedUploadAt = -1;
  long resumedDownloadAt = -1;

  // ---- the connection

  private final SplitMix64 random;
  private boolean welcomed;
  private long token;
  private long retryAt;
  private int serverLimit;
  private int interval;
  private long runId;

  // ---- the task

  private Task task;
  private byte[] parameters;
  private int received;
  private long doneAt = Long.MAX_VALUE;
  private boolean partial;
  private int updateId; // 0: not trained yet
  private List<byte[]> blobs = List.of();
  private boolean stalled;

  TestDevice(String id) {
    super(id);
    this.random = new SplitMix64(id.hashCode());
  }

  @Override
  public long step(long nowMs) {
    now = nowMs;
    if (!open) {
      if (nowMs < retryAt || mute) {
        return mute ? Long.MAX_VALUE : retryAt;
      }
      connect();
    }
    read();
    if (open && welcomed && !mute) {
      if (task != null && updateId == 0 && nowMs >= doneAt) {
        finishTraining(partial);
      }
      if (nowMs >= sentAt + interval) {
        send(ToServer.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()));
      }
      return Math.min(sentAt + interval, updateId == 0 ? doneAt : Long.MAX_VALUE);
    }
    return open ? Long.MAX_VALUE : retryAt;
  }

  private void connect() {
    open = true;
    connections++;
    clear();
    send(
        ToServer.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setVersionMin(1)
                    .setVersionMax(1)
                    .setDeviceId(ByteString.copyFromUtf8(id))
                    .setFrameLimit(frameLimit)
                    .setKinds(kinds)
                    .setRoles(-1)
                    .setEncodings(3)
                    .setParameterCapacity(1_000_000)
                    .setToken(token)
                    .setKeepAliveMs(keepAliveMs)));
  }

  @Override
  public void cut() {
    if (open) {
      open = false;
      welcomed = false;
      retryAt = Math.max(retryAt, now + Long.remainderUnsigned(random.next(), backoffMs + 1));
    }
  }

  /** Forgets task and token, as a power cut does. */
  void reboot() {
    cut();
    token = 0;
    dropTask();
  }

  @Override
  void hear(ToDevice message) {
    if (mute) {
      return;
    }
    if (!message.hasChunk()) {
      heard.add(message);
    }
    switch (message.getMessageCase()) {
      case WELCOME -> {
        welcomed = true;
        token = message.getWelcome().getToken();
        serverLimit = message.getWelcome().getFrameLimit();
        interval = message.getWelcome().getKeepAliveMs();
      }
      case RUN_OFFER -> {
        int handle = message.getRunOffer().getHandle();
        if (refuseRunWith >= 0) {
          refuse(handle, refuseRunWith);
        } else {
          if (runId != message.getRunOffer().getRunId()) {
            dropTask();
          }
          runId = message.getRunOffer().getRunId();
          send(ToServer.newBuilder().setRunReady(RunReady.newBuilder().setRun(handle)));
        }
      }
      case TASK -> task(message.getTask());
      case CHUNK -> chunk(message.getChunk());
      case GRANT -> upload(message.getGrant());
      case WRAP_UP -> {
        if (isMine(message.getWrapUp().getHandle()) && updateId == 0 && !ignoresWrapUp) {
          if (doneAt == Long.MAX_VALUE) {
            refuse(task.getHandle(), 9);
            dropTask();
          } else {
            partial = true;
            doneAt = now;
          }
        }
      }
      case KEEP_ALIVE -> {
        if (!message.getKeepAlive().getReply()) {
          send(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder().setReply(true)));
        }
      }
      case BYE -> bye(message.getBye());
      case CANCEL -> {
        if (isMine(message.getCancel().getHandle())) {
          cancelled++;
          dropTask();
        }
      }
      case ACCEPTED -> {
        accepted++;
        if (repeatsResult && accepted == 1) {
          sendResult(task.getHandle());
        }
      }
      case COMMITTED -> {
        if (isMine(message.getCommitted().getHandle())) {
          committed++;
          dropTask();
        }
      }
      default -> {}
    }
  }

  private void bye(Bye bye) {
    retryAt = now + bye.getRetryAfterMs();
    cut();
  }

  private boolean isMine(int handle) {
    return task != null && task.getHandle() == handle;
  }

  private void refuse(int handle, int reason) {
    send(ToServer.newBuilder().setRefuse(Refuse.newBuilder().setHandle(handle).setReason(reason)));
  }

  // ---- training

  private void task(Task next) {
    if (refuseTaskWith >= 0) {
      refuse(next.getHandle(), refuseTaskWith);
      return;
    }
    boolean same =
        task != null
            && task.getRound() == next.getRound()
            && task.getTask() == next.getTask()
            && task.getAttempt() == next.getAttempt()
            && task.getBlobCrc(0) == next.getBlobCrc(0);
    if (!same) {
      dropTask();
      parameters = new byte[next.getBlobLength(0)];
    }
    task = next;
    if (received < parameters.length) {
      if (same) {
        resumedDownloadAt = received;
      }
      grant(next.getHandle(), received, parameters.length - received);
    } else if (updateId != 0) {
      sendResult(next.getHandle());
    }
  }

  private void grant(int handle, int offset, int length) {
    send(
        ToServer.newBuilder()
            .setGrant(Grant.newBuilder().setHandle(handle).setOffset(offset).setLength(length)));
  }

  private void chunk(Chunk chunk) {
    if (!isMine(chunk.getHandle())) {
      return;
    }
    if (chunk.getOffset() != received) {
      throw new AssertionError(id + ": a gap in the download");
    }
    chunk.getData().copyTo(parameters, received);
    received += chunk.getData().size();
    if (received == parameters.length) {
      int crc =
          new BlobChecksum(
                  Role.ROLE_PARAMETERS_VALUE, 0, runId, task.getRound(), 0, parameters.length)
              .update(parameters)
              .value();
      if (crc != task.getBlobCrc(0)) {
        throw new AssertionError(id + ": the checksum of the parameters is wrong");
      }
      doneAt = now + trainMs;
    }
  }

  private void finishTraining(boolean wrappedUp) {
    updateId = ++lastUpdateId;
    partial = wrappedUp;
    blobs = new ArrayList<>();
    if (task.getKind() == TaskKind.TASK_KIND_TRAIN_VALUE) {
      blobs.add(update());
    } else {
      blobs.add(
          MetricsBlob.encode(
              List.of(
                  new MetricsBlob.Metric(MetricsBlob.Kind.MEAN, "accuracy", accuracy, examples),
                  new MetricsBlob.Metric(MetricsBlob.Kind.MEAN, "loss", 1, examples))));
    }
    sendResult(task.getHandle());
  }

  /** New weights: a function of base and task seed alone. */
  private byte[] update() {
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer base = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[parameters.length / 4];
    SplitMix64 training = new SplitMix64(task.getSeed());
    for (int i = 0; i < values.length; i++) {
      values[i] = base.getFloat() + training.nextFloat() - 0.5f;
    }
    updates.put(task.getRound(), values.clone());
    int middle = values.length / 2;
    switch (fault) {
      case NAN -> values[middle] = Float.NaN;
      case INFINITE -> values[middle] = Float.NEGATIVE_INFINITY;
      case RANGE -> values[middle] = 1e9f;
      default -> {}
    }
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private void sendResult(int handle) {
    boolean train = task.getKind() == TaskKind.TASK_KIND_TRAIN_VALUE;
    byte[] blob = blobs.get(0);
    int role = train ? Role.ROLE_UPDATE_VALUE : Role.ROLE_METRICS_VALUE;
    int crc =
        new BlobChecksum(
                role, Encoding.ENCODING_PLAIN_VALUE, runId, task.getRound(), updateId, blob.length)
            .update(blob)
            .value();
    send(
        ToServer.newBuilder()
            .setResult(
                Result.newBuilder()
                    .setHandle(fault == Fault.FOREIGN_HANDLE ? handle + 77 : handle)
                    .setUpdateId(updateId)
                    .setCause(partial ? Cause.CAUSE_WRAPPED_UP_VALUE : Cause.CAUSE_DONE_VALUE)
                    .setExamplesHeld(fault == Fault.NO_EXAMPLES ? 0 : examples)
                    .setExamplesUsed(examples)
                    .setSteps(examples)
                    .setLossBefore(2)
                    .setLossAfter(1)
                    .addBlobRole(role)
                    .addBlobLength(fault == Fault.LENGTH ? blob.length - 4 : blob.length)
                    .addBlobCrc(fault == Fault.CHECKSUM ? crc + 1 : crc)));
  }

  private void upload(Grant grant) {
    if (!isMine(grant.getHandle()) || stalled) {
      return;
    }
    if (grant.getOffset() > 0) {
      resumedUploadAt = grant.getOffset();
    }
    byte[] blob = blobs.get(grant.getBlob());
    int capacity = Frames.chunkCapacity(Math.min(serverLimit, frameLimit));
    int end = grant.getOffset() + grant.getLength();
    for (int at = grant.getOffset(); at < end; ) {
      int size = Math.min(capacity, end - at);
      if (fault == Fault.STALLS && at > 0) {
        stalled = true;
        return;
      }
      send(
          ToServer.newBuilder()
              .setChunk(
                  Chunk.newBuilder()
                      .setHandle(grant.getHandle())
                      .setBlob(grant.getBlob())
                      .setOffset(at)
                      .setData(ByteString.copyFrom(blob, at, size))));
      at += size;
    }
  }

  private void dropTask() {
    task = null;
    received = 0;
    doneAt = Long.MAX_VALUE;
    updateId = 0;
    partial = false;
    stalled = false;
  }
}
