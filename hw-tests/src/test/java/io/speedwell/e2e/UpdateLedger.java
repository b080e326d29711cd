package io.speedwell.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import io.speedwell.harness.Tap;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.Task;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A copy of every update that left a device, and what devices heard of it, both read from the wire.
 * Thread-safe.
 */
final class UpdateLedger {
  /** The key of an update, as the protocol has it. */
  record Key(long runId, int round, String device, int task, int attempt, int updateId) {}

  /** A device's part in a committed round. */
  record Part(long runId, int round, String device) {}

  /** One update, as far as it was sent. */
  static final class Copy {
    private final Result offer;
    private final byte[] bytes;
    private int known;

    private Copy(Result offer) {
      this.offer = offer;
      this.bytes = new byte[offer.getBlobLength(offer.getBlobRoleList().indexOf(UPDATE))];
    }

    Result offer() {
      return offer;
    }

    byte[] bytes() {
      return bytes;
    }

    boolean complete() {
      return known == bytes.length;
    }
  }

  private static final int UPDATE = Role.ROLE_UPDATE_VALUE;

  private final Map<Key, Copy> copies = new HashMap<>();
  private final Set<Part> committed = new HashSet<>();
  private String defect;

  /**
   * What watches one device.
   *
   * @param passed hears the kind of each message, before it reaches whom it is meant for
   */
  Tap tap(String device, Consumer<Enum<?>> passed) {
    return new Wire(device, passed);
  }

  /** The copy of an update. */
  synchronized Optional<Copy> copy(Key key) {
    return Optional.ofNullable(copies.get(key));
  }

  /** The rounds of which devices heard that they are committed with their update. */
  synchronized Set<Part> heardCommitted() {
    return Set.copyOf(committed);
  }

  /** What a device did that no device may do; null: nothing. */
  synchronized String defect() {
    return defect;
  }

  /** Forgets the copies of a run up to a round. */
  synchronized void forget(long runId, int round) {
    copies.keySet().removeIf(key -> key.runId() == runId && key.round() <= round);
  }

  private synchronized void offered(Key key, Result offer) {
    Copy before = copies.get(key);
    if (before == null) {
      copies.put(key, new Copy(offer));
    } else if (!before.offer.toBuilder()
        .setHandle(0)
        .build()
        .equals(offer.toBuilder().setHandle(0).build())) {
      defect = "another update under the same key: " + key;
    }
  }

  private synchronized void sent(Key key, Chunk chunk) {
    Copy copy = copies.get(key);
    if (copy == null) {
      return; // of a round that is audited and forgotten
    }
    byte[] data = chunk.getData().toByteArray();
    int offset = chunk.getOffset();
    for (int i = 0; i < data.length; i++) {
      if (offset + i < copy.known && copy.bytes[offset + i] != data[i]) {
        defect = "bytes sent again that are others: " + key + " at " + (offset + i);
      }
    }
    if (offset > copy.known) {
      defect = "bytes were left out: " + key + " at " + offset;
      return;
    }
    System.arraycopy(data, 0, copy.bytes, offset, data.length);
    copy.known = Math.max(copy.known, offset + data.length);
  }

  private synchronized void heard(Part part) {
    committed.add(part);
  }

  /** One device's connections, one after the other. Confined to the device's thread. */
  private final class Wire implements Tap {
    private final String device;
    private final Consumer<Enum<?>> passed;
    private final FrameSplitter up = new FrameSplitter(this::up);
    private final FrameSplitter down = new FrameSplitter(this::down);
    private final Map<Integer, Long> runs = new HashMap<>();
    private final Map<Integer, Task> tasks = new HashMap<>();
    private final Map<Integer, Result> results = new HashMap<>();

    Wire(String device, Consumer<Enum<?>> passed) {
      this.device = device;
      this.passed = passed;
    }

    @Override
    public void connected() {
      up.restart();
      down.restart();
      runs.clear();
      tasks.clear();
      results.clear();
    }

    @Override
    public void sent(byte[] bytes) {
      up.put(bytes);
    }

    @Override
    public void received(byte[] bytes) {
      down.put(bytes);
    }

    private void up(ByteBuffer bytes) {
      ToServer message;
      try {
        message = ToServer.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(device + " sends what is no message", e);
      }
      if (message.hasResult()) {
        Result result = message.getResult();
        results.put(result.getHandle(), result);
        offered(key(result), result);
      } else if (message.hasChunk()) {
        Chunk chunk = message.getChunk();
        Result result = results.get(chunk.getHandle());
        if (result.getBlobRole(chunk.getBlob()) == UPDATE) {
          UpdateLedger.this.sent(key(result), chunk);
        }
      }
      passed.accept(message.getMessageCase());
    }

    private void down(ByteBuffer bytes) {
      ToDevice message;
      try {
        message = ToDevice.parseFrom(bytes);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(device + " is sent what is no message", e);
      }
      if (message.hasRunOffer()) {
        runs.put(message.getRunOffer().getHandle(), message.getRunOffer().getRunId());
      } else if (message.hasTask()) {
        tasks.put(message.getTask().getHandle(), message.getTask());
      } else if (message.hasCommitted()) {
        Task task = tasks.get(message.getCommitted().getHandle());
        heard(new Part(runs.get(task.getRun()), task.getRound(), device));
      }
      passed.accept(message.getMessageCase());
    }

    private Key key(Result result) {
      Task task = tasks.get(result.getHandle());
      return new Key(
          runs.get(task.getRun()),
          task.getRound(),
          device,
          task.getTask(),
          task.getAttempt(),
          result.getUpdateId());
    }
  }
}
