package io.speedwell.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.speedwell.protocol.ToDevice;
import io.speedwell.session.Incoming;
import io.speedwell.session.Reservation;
import io.speedwell.session.Session;
import io.speedwell.session.SessionAction;
import io.speedwell.session.SessionEvent;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link Session}: tells it what happens on its channel, does what it says. Chunks are
 * sent only while the channel takes bytes; a peer that does not read is not read from either.
 * Confined to the channel's event loop.
 */
final class SessionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  private static final int PAUSED_BY_PEER = 1; // it does not take what we send
  private static final int PAUSED_BY_MAILBOX = 2; // the coordinator has enough to do

  /**
   * What the handlers of one event loop share.
   *
   * @param loop the event loop's sessions
   * @param settings of every session
   * @param budget memory for updates
   * @param events where sessions publish
   * @param strangers counts connections that have not said hello
   * @param refusals turns connections away
   * @param goodbyes counts them
   */
  record Surroundings(
      SessionLoop loop,
      SessionSettings settings,
      UpdateBudget budget,
      FleetEvents events,
      SourceCount strangers,
      Refusals refusals,
      Goodbyes goodbyes) {}

  /** The session's place among the deadlines of its loop. */
  private final class Deadline extends DeadlineWheel.Entry {
    @Override
    void expired(long now) {
      turn(new SessionEvent.Tick());
    }
  }

  /** A slow reader's time to take what was on its way when its task ended. */
  private final class Leftover extends DeadlineWheel.Entry {
    @Override
    void expired(long now) {
      around
          .refusals()
          .refuse(channel(), Refusals.Reason.SLOW_READER, around.settings().closeWithinMs());
    }
  }

  private final FrameDecoder frames;
  private final Surroundings around;
  private final Deadline deadline = new Deadline();
  private Leftover leftover; // null: its task is not over, or all is taken
  private ChannelHandlerContext context;
  private Session session;
  private UpdateBudget.Request request;
  private int paused;
  private boolean reading;
  private boolean closing;

  SessionHandler(FrameDecoder frames, Surroundings around) {
    this.frames = frames;
    this.around = around;
  }

  /** A command of the coordinator. */
  void tell(SessionEvent.Command command) {
    if (!closing) {
      turn(command);
      if (command instanceof SessionEvent.Cancel && !context.channel().isWritable()) {
        limitLeftover();
      }
    }
  }

  /**
   * What a peer has not taken keeps the whole model of its round in memory: were it waited for as
   * long as for a sign of life, slow readers in enough rounds would use it up.
   */
  private void limitLeftover() {
    if (leftover == null) {
      leftover = new Leftover();
      around.loop().wheel().set(leftover, around.loop().now() + around.settings().closeWithinMs());
    }
  }

  private void forgetLeftover() {
    if (leftover != null) {
      around.loop().wheel().cancel(leftover);
      leftover = null;
    }
  }

  Channel channel() {
    return context.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    this.context = context;
    long id = around.loop().add(this);
    session = new Session(id, around.settings(), around.loop().now());
    updateDeadline();
    context.fireChannelActive();
  }

  /** A frame's message, or what the frames came to. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf frame) {
      try {
        read(Incoming.read(frame.nioBuffer()));
      } finally {
        frame.release();
      }
    } else {
      read((SessionEvent) message);
    }
  }

  private void read(SessionEvent event) {
    if (closing) {
      return;
    }
    if (event instanceof SessionEvent.Malformed malformed) {
      LOG.warn(
          "{} sent what the protocol forbids (rule {}); its connection is closed",
          context.channel().remoteAddress(),
          malformed.rule());
    }
    reading = true;
    deliver(event);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    pump();
    context.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      forgetLeftover();
      resume(PAUSED_BY_PEER);
      if (!reading) {
        pump();
        context.flush();
      }
    } else {
      pause(PAUSED_BY_PEER);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closing = true;
    forgetLeftover();
    around.loop().remove(session.id());
    deliver(new SessionEvent.Closed());
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable problem) {
    if (problem instanceof IOException) {
      LOG.debug("{}: {}", context.channel().remoteAddress(), problem.getMessage());
    } else {
      LOG.error("{}: the connection is closed", context.channel().remoteAddress(), problem);
    }
    context.close();
  }

  /** An event that did not come with a read: nothing else will flush. */
  private void turn(SessionEvent event) {
    deliver(event);
    if (!reading) {
      pump();
      context.flush();
    }
  }

  private void pump() {
    while (!closing && session.wantsToSend() && context.channel().isWritable()) {
      deliver(new SessionEvent.Writable());
    }
  }

  private void deliver(SessionEvent event) {
    for (SessionAction action : session.on(event, around.loop().now())) {
      execute(action);
    }
    updateDeadline();
  }

  private void updateDeadline() {
    if (session.deadline() == Session.NEVER) {
      around.loop().wheel().cancel(deadline);
    } else {
      around.loop().wheel().set(deadline, session.deadline());
    }
  }

  private void execute(SessionAction action) {
    if (action instanceof SessionAction.Send send) {
      send(send.message());
    } else if (action instanceof SessionAction.SendChunk chunk) {
      sendChunk(chunk);
    } else if (action instanceof SessionAction.FrameLimit limit) {
      frames.limit(limit.bytes());
    } else if (action instanceof SessionAction.Reserve reserve) {
      request =
          around.budget().request(reserve.bytes(), granted -> reserved(reserve.number(), granted));
    } else if (action instanceof SessionAction.Withdraw) {
      request.withdraw();
    } else if (action instanceof SessionAction.Release release) {
      release.reservation().release();
    } else if (action instanceof SessionAction.Publish publish) {
      if (!around.events().publish(publish.event())) {
        pause(PAUSED_BY_MAILBOX);
        around.events().whenRoom(() -> around.loop().execute(() -> resume(PAUSED_BY_MAILBOX)));
      }
    } else if (action instanceof SessionAction.Close close) {
      close(close.atOnce());
    }
  }

  private void send(ToDevice message) {
    if (message.hasBye()) {
      around.goodbyes().said(message.getBye().getReason());
    }
    ByteBuf frame = MessageFrame.of(message, context.alloc());
    around.loop().wrote(frame.readableBytes());
    context.write(frame, context.voidPromise());
  }

  /** The data is a view of memory that all sessions share. */
  private void sendChunk(SessionAction.SendChunk chunk) {
    around.loop().wrote(chunk.frameSize());
    context.write(Unpooled.wrappedBuffer(chunk.header()), context.voidPromise());
    context.write(
        Unpooled.wrappedBuffer(chunk.blob().slice(chunk.offset(), chunk.length())),
        context.voidPromise());
  }

  /** On whichever thread made the room. */
  private void reserved(int number, Reservation reservation) {
    if (!around.loop().execute(() -> turn(new SessionEvent.Reserved(number, reservation)))) {
      reservation.release();
    }
  }

  /**
   * Ends our direction once all is sent and waits for the peer to end its own: bytes of the peer
   * that nobody read would make the system throw away our last ones. The session limits the wait.
   */
  private void close(boolean atOnce) {
    Channel channel = context.channel();
    if (atOnce || !(channel instanceof DuplexChannel duplex)) {
      channel.close();
      return;
    }
    closing = true;
    frames.dropAll();
    resume(paused);
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent ->
                duplex
                    .shutdownOutput()
                    .addListener(
                        ended -> {
                          if (!ended.isSuccess()) {
                            channel.close(); // the peer is gone already
                          }
                        }));
  }

  private void pause(int reason) {
    paused |= reason;
    context.channel().config().setAutoRead(false);
  }

  private void resume(int reason) {
    paused &= ~reason;
    if (paused == 0) {
      context.channel().config().setAutoRead(true);
    }
  }
}
