package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.speedwell.gateway.RawDevice;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunOffer;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.Task;
import io.speedwell.protocol.ToServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A device's part in a round, by hand. */
final class Updates {
  /** What {@link #train} says it holds. */
  static final int EXAMPLES = 10;

  private Updates() {}

  /**
   * Takes the run and the task it is offered, fetches the model, sends an update. Returns the run's
   * id.
   */
  static long train(RawDevice device, float... update) throws Exception {
    return measured(device, EXAMPLES, 0, 0, update);
  }

  /** The same with what it says of its work; losses of 0 are not measured. */
  static long measured(
      RawDevice device, int examples, float lossBefore, float lossAfter, float... update)
      throws Exception {
    RunOffer offer = device.read().getRunOffer();
    device.send(ToServer.newBuilder().setRunReady(RunReady.newBuilder().setRun(offer.getHandle())));
    work(device, offer.getRunId(), examples, lossBefore, lossAfter, update);
    return offer.getRunId();
  }

  /** Takes the next task of a run it has taken. */
  static void trainAgain(RawDevice device, long run, float... update) throws Exception {
    work(device, run, EXAMPLES, 0, 0, update);
  }

  private static void work(
      RawDevice device, long run, int examples, float lossBefore, float lossAfter, float... update)
      throws Exception {
    Task task = device.read().getTask();
    device.send(
        ToServer.newBuilder()
            .setGrant(
                Grant.newBuilder().setHandle(task.getHandle()).setLength(task.getBlobLength(0))));
    assertThat(device.read().getChunk().getData().size()).isEqualTo(task.getBlobLength(0));

    ByteBuffer bytes = ByteBuffer.allocate(4 * update.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(update);
    int crc =
        new BlobChecksum(Role.ROLE_UPDATE_VALUE, 0, run, task.getRound(), 77, bytes.capacity())
            .update(bytes.array())
            .value();
    device.send(
        ToServer.newBuilder()
            .setResult(
                Result.newBuilder()
                    .setHandle(task.getHandle())
                    .setUpdateId(77)
                    .setCause(1)
                    .setExamplesHeld(examples)
                    .setLossBefore(lossBefore)
                    .setLossAfter(lossAfter)
                    .addBlobRole(Role.ROLE_UPDATE_VALUE)
                    .addBlobLength(bytes.capacity())
                    .addBlobCrc(crc)));
    assertThat(device.read().getGrant().getLength()).isEqualTo(bytes.capacity());
    device.send(
        ToServer.newBuilder()
            .setChunk(
                Chunk.newBuilder()
                    .setHandle(task.getHandle())
                    .setData(ByteString.copyFrom(bytes.array()))));
  }
}
