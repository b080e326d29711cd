package io.speedwell.load;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.speedwell.protocol.BlobChecksum;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.Cause;
import io.speedwell.protocol.Chunk;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Result;
import io.speedwell.protocol.Role;
import io.speedwell.protocol.RunOffer;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.SelfTest;
import io.speedwell.protocol.Task;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a light device. Its update is the same bytes in every round; what it downloads
 * it only counts. Confined to its event loop.
 */
final class LightDevice extends SimpleChannelInboundHandler<ToDevice> {
  private static final int CHUNK = 32_768;
  private static final int SIP_MS = 1_000; // a slow reader reads once in this time
  private static final int BYTE_MS = 60_000; // a half-open connection sends a byte

  private static final byte[] HELLO = {100, 0x0A, 98, 0x08}; // as one begins

  private final LightFleet fleet;
  private final String id;
  private final Behaviour behaviour;
  private final Update update;
  private ChannelHandlerContext context;
  private RunOffer run;
  private Task task;
  private int updateId;
  private int sent; // bytes of the update
  private int credit; // end of the grant
  private int retryAfterMs;

  LightDevice(LightFleet fleet, String id, Behaviour behaviour, Update update) {
    this.fleet = fleet;
    this.id = id;
    this.behaviour = behaviour;
    this.update = update;
  }

  // ---- the connection

  @Override
  public void channelActive(ChannelHandlerContext active) {
    context = active;
    fleet.count(Counts.Event.CONNECTED);
    switch (behaviour) {
      case STORM -> context.close();
      case HALF_OPEN -> dribble(0);
      default -> say(ToServer.newBuilder().setHello(hello()));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    fleet.count(Counts.Event.LOST);
    fleet.comeBack(id, behaviour, retryAfterMs);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable problem) {
    failed.close();
  }

  private void dribble(int at) {
    if (context.channel().isActive()) {
      context.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(HELLO, at % 4, 1));
      context.executor().schedule(() -> dribble(at + 1), BYTE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private Hello hello() {
    return Hello.newBuilder()
        .setVersionMin(1)
        .setVersionMax(1)
        .setDeviceId(ByteString.copyFromUtf8(id))
        .setFrameLimit(16_384)
        .setKinds(1 << 1)
        .setRoles(1 << 1 | 1 << 2 | 1 << 16)
        .setEncodings(1)
        .setParameterCapacity(Integer.MAX_VALUE / 4)
        .setSelfTest(SelfTest.SELF_TEST_PASSED_VALUE)
        .build();
  }

  private void say(ToServer.Builder message) {
    context.writeAndFlush(message.build(), context.voidPromise());
  }

  // ---- the server

  @Override
  protected void channelRead0(ChannelHandlerContext read, ToDevice message) {
    switch (message.getMessageCase()) {
      case WELCOME -> welcomed(message.getWelcome().getKeepAliveMs());
      case RUN_OFFER -> {
        run = message.getRunOffer();
        say(ToServer.newBuilder().setRunReady(RunReady.newBuilder().setRun(run.getHandle())));
      }
      case TASK -> begin(message.getTask());
      case CHUNK -> chunk(message.getChunk());
      case GRANT -> granted(message.getGrant());
      case ACCEPTED -> fleet.count(Counts.Event.ACCEPTED);
      case COMMITTED -> over(Counts.Event.COMMITTED);
      case CANCEL -> over(Counts.Event.CANCELLED);
      case KEEP_ALIVE -> {
        if (!message.getKeepAlive().getReply()) {
          say(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder().setReply(true)));
        }
      }
      case BYE -> bye(message.getBye());
      default -> {
        // nothing else is said to such a device
      }
    }
  }

  private void welcomed(int keepAliveMs) {
    fleet.count(Counts.Event.WELCOMED);
    fleet.welcomed(id);
    context.executor().schedule(() -> stayAlive(keepAliveMs), keepAliveMs, TimeUnit.MILLISECONDS);
  }

  private void stayAlive(int everyMs) {
    if (context.channel().isActive()) {
      say(ToServer.newBuilder().setKeepAlive(KeepAlive.newBuilder()));
      context.executor().schedule(() -> stayAlive(everyMs), everyMs, TimeUnit.MILLISECONDS);
    }
  }

  private void bye(Bye bye) {
    fleet.count(Counts.Event.BYE);
    retryAfterMs = bye.getRetryAfterMs();
    context.close();
  }

  // ---- a task

  private void begin(Task given) {
    fleet.count(Counts.Event.TASK);
    task = given;
    credit = 0;
    say(grant(task.getHandle(), task.getBlobLength(0)));
    if (behaviour == Behaviour.SLOW_READER) {
      context.channel().config().setAutoRead(false);
      sip();
    }
  }

  private static ToServer.Builder grant(int handle, int length) {
    return ToServer.newBuilder().setGrant(Grant.newBuilder().setHandle(handle).setLength(length));
  }

  private void sip() {
    if (context.channel().isActive()) {
      context.read();
      context.executor().schedule(this::sip, SIP_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void chunk(Chunk chunk) {
    boolean ofTask = task != null && chunk.getHandle() == task.getHandle();
    if (ofTask && chunk.getOffset() + chunk.getData().size() == task.getBlobLength(0)) {
      finish();
    }
  }

  private void finish() {
    updateId++;
    sent = 0;
    int length = Float.BYTES * run.getParameterCount();
    int role = Role.ROLE_UPDATE_VALUE;
    BlobChecksum checksum =
        new BlobChecksum(role, 0, run.getRunId(), task.getRound(), updateId, length)
            .update(update.bytes(length));
    say(
        ToServer.newBuilder()
            .setResult(
                Result.newBuilder()
                    .setHandle(task.getHandle())
                    .setUpdateId(updateId)
                    .setCause(Cause.CAUSE_DONE_VALUE)
                    .setExamplesHeld(10)
                    .setExamplesUsed(10)
                    .setSteps(1)
                    .addBlobRole(role)
                    .addBlobLength(length)
                    .addBlobCrc(checksum.value())));
  }

  private void granted(Grant grant) {
    if (task != null && grant.getHandle() == task.getHandle()) {
      sent = grant.getOffset();
      credit = grant.getOffset() + grant.getLength();
      if (behaviour == Behaviour.STALL) {
        credit = sent + grant.getLength() / 2;
      }
      pump();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    pump();
  }

  private void pump() {
    while (task != null && sent < credit && context.channel().isWritable()) {
      int length = Math.min(CHUNK, credit - sent);
      say(
          ToServer.newBuilder()
              .setChunk(
                  Chunk.newBuilder()
                      .setHandle(task.getHandle())
                      .setOffset(sent)
                      .setData(update.slice(sent, length))));
      sent += length;
    }
  }

  private void over(Counts.Event event) {
    fleet.count(event);
    task = null;
    credit = 0;
  }
}
