package io.speedwell.bench;

import com.google.protobuf.ByteString;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The other end of {@link IngestBench}: devices that train in no time and send updates of 1,000,000
 * values round after round, or the same frames to whoever discards them. Says "begin" after the
 * first rounds and "end BYTES" after the measured ones.
 */
final class IngestSender {
  private static final int DATA = 65_536 - 32; // of one chunk
  private static final int GATHER = 8; // chunks given to the system at once
  private static final int WARM_UP = 8;
  private static final int ROUNDS = 16;

  private final boolean discarded;
  private final int encoding;
  private final double nanosPerByte;
  private final ByteBuffer update;
  private long sent;
  private long next;

  private IngestSender(String what, int gbPerSecond) {
    discarded = what.equals("discard");
    encoding = what.equals("DELTA") ? 1 : 0;
    nanosPerByte = gbPerSecond == 0 ? 0 : 1.0 / gbPerSecond;
    update = ByteBuffer.allocateDirect(4 * IngestBench.COUNT).order(ByteOrder.LITTLE_ENDIAN);
    Random random = new Random(1);
    while (update.hasRemaining()) {
      update.putFloat((float) random.nextGaussian());
    }
    update.flip();
  }

  public static void main(String[] arguments) throws IOException {
    new IngestSender(arguments[1], Integer.parseInt(arguments[2]))
        .run(Integer.parseInt(arguments[0]));
  }

  private void run(int port) throws IOException {
    List<Device> devices = new ArrayList<>();
    for (int i = 0; i < IngestBench.DEVICES; i++) {
      devices.add(new Device(port, i));
    }
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      if (round == WARM_UP) {
        sent = 0;
        System.out.println("begin");
      }
      for (Device device : devices) {
        device.round();
      }
    }
    System.out.println("end " + sent);
    System.in.read(); // the one who measures ends this process
  }

  /** Waits until what was sent is not ahead of the pace; time lost is not made up for. */
  private void pace(int bytes) {
    long now = System.nanoTime();
    next = Math.max(next, now - (long) (bytes * nanosPerByte));
    while (System.nanoTime() < next) {
      Thread.onSpinWait();
    }
    next += (long) (bytes * nanosPerByte);
  }

  /** One connection. */
  private final class Device {
    private final SocketChannel channel;
    private final InputStream in;
    private long runId;
    private int updateId;

    Device(int port, int index) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      in = channel.socket().getInputStream();
      if (!discarded) {
        send(
            ToServer.newBuilder()
                .setHello(
                    Hello.newBuilder()
                        .setVersionMin(1)
                        .setVersionMax(1)
                        .setDeviceId(ByteString.copyFromUtf8("sender-" + index))
                        .setFrameLimit(4_096)
                        .setKinds(1 << 1)
                        .setRoles(1 << 1 | 1 << 2 | 1 << 16)
                        .setEncodings(3)
                        .setParameterCapacity(IngestBench.COUNT)
                        .setSelfTest(1)));
      }
    }

    private void send(ToServer.Builder message) throws IOException {
      ToServer built = message.build();
      ByteBuffer frame = ByteBuffer.allocate(Frames.frameSize(built));
      Frames.writeLength(built.getSerializedSize(), frame);
      frame.put(built.toByteArray()).flip();
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }

    void round() throws IOException {
      if (discarded) {
        upload(1);
        return;
      }
      ToDevice message = read();
      while (!message.hasTask()) {
        if (message.hasRunOffer()) {
          runId = message.getRunOffer().getRunId();
          send(
              ToServer.newBuilder()
                  .setRunReady(RunReady.newBuilder().setRun(message.getRunOffer().getHandle())));
        }
        message = read();
      }
      int handle = message.getTask().getHandle();
      updateId++;
      offer(handle, message.getTask().getRound());
      while (!message.hasGrant()) {
        message = read();
      }
      upload(handle);
      while (!message.hasAccepted()) {
        message = read();
      }
    }

    private ToDevice read() throws IOException {
      ToDevice message = ToDevice.parseDelimitedFrom(in);
      if (message == null || message.hasBye()) {
        throw new IOException("the server ended the connection: " + message);
      }
      return message;
    }

    private void offer(int handle, int round) throws IOException {
      int length = update.limit();
      int crc =
          new BlobChecksum(Role.ROLE_UPDATE_VALUE, encoding, runId, round, updateId, length)
              .update(update.duplicate())
              .value();
      send(
          ToServer.newBuilder()
              .setResult(
                  Result.newBuilder()
                      .setHandle(handle)
                      .setUpdateId(updateId)
                      .setCause(1)
                      .setExamplesHeld(100)
                      .addBlobRole(Role.ROLE_UPDATE_VALUE)
                      .addBlobLength(length)
                      .addBlobCrc(crc)
                      .addBlobEncoding(encoding)));
    }

    /** A chunk's frame up to its data. */
    private ByteBuffer header(int handle, int offset, int length) {
      ByteBuffer body = ByteBuffer.allocate(24);
      number(body, Chunk.HANDLE_FIELD_NUMBER << 3, handle);
      number(body, Chunk.OFFSET_FIELD_NUMBER << 3, offset);
      number(body, Chunk.DATA_FIELD_NUMBER << 3 | 2, length);
      body.flip();
      int size = body.remaining() + length;
      ByteBuffer header = ByteBuffer.allocate(32);
      Frames.writeLength(1 + Frames.prefixSize(size) + size, header);
      number(header, ToServer.CHUNK_FIELD_NUMBER << 3 | 2, size);
      return header.put(body).flip();
    }

    private void number(ByteBuffer out, int tag, int value) {
      if (value != 0) {
        out.put((byte) tag);
        Frames.writeLength(value, out);
      }
    }

    private void upload(int handle) throws IOException {
      ByteBuffer[] frames = new ByteBuffer[2 * GATHER];
      int offset = 0;
      while (offset < update.limit()) {
        int count = 0;
        int start = offset;
        while (count < frames.length && offset < update.limit()) {
          int length = Math.min(DATA, update.limit() - offset);
          frames[count++] = header(handle, offset, length);
          frames[count++] = update.slice(offset, length);
          offset += length;
          sent += length;
        }
        pace(offset - start);
        while (frames[count - 1].hasRemaining()) {
          channel.write(frames, 0, count);
        }
      }
    }
  }
}
