package io.speedwell.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** A device's end of a connection, by hand: says anything, also what no device would. */
public final class RawDevice implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;

  public RawDevice(InetSocketAddress server) throws IOException {
    this(server, "127.0.0.1");
  }

  /** From this address of the machine. */
  public RawDevice(InetSocketAddress server, String from) throws IOException {
    socket.bind(new InetSocketAddress(from, 0));
    socket.setReceiveBufferSize(16_384); // so that a reader that stops is felt soon
    socket.connect(server);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** A hello that every server lets in. */
  public static Hello.Builder hello(String id) {
    return Hello.newBuilder()
        .setVersionMin(1)
        .setVersionMax(1)
        .setDeviceId(ByteString.copyFromUtf8(id))
        .setFrameLimit(4_096)
        .setKinds(1 << 1)
        .setRoles(1 << 1 | 1 << 2 | 1 << 16)
        .setEncodings(1)
        .setParameterCapacity(10_000_000)
        .setSelfTest(1);
  }

  public void send(ToServer.Builder message) throws IOException {
    message.build().writeDelimitedTo(out);
    out.flush();
  }

  public void sendHex(String bytes) throws IOException {
    sendBytes(HexFormat.of().parseHex(bytes));
  }

  public void sendBytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends a frame one byte at a time. */
  public void dribble(MessageLite message) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    message.writeDelimitedTo(whole);
    for (byte each : whole.toByteArray()) {
      out.write(each);
      out.flush();
    }
  }

  /** The next message; null: the server closed. */
  public ToDevice read() throws IOException {
    return ToDevice.parseDelimitedFrom(in);
  }

  /** Says hello and waits for the welcome. */
  public RawDevice enter(String id) throws IOException {
    send(ToServer.newBuilder().setHello(hello(id)));
    if (!read().hasWelcome()) {
      throw new AssertionError(id + " is not welcome");
    }
    return this;
  }

  /** Ends its own direction. */
  public void hangUp() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
