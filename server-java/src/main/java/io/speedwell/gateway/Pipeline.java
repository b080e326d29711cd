package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/**
 * The handlers of a device's connection, in order; every listener sets its channels up here.
 *
 * <pre>
 *   bytes -> FRAMES -> SESSION
 *   bytes          <-  SESSION
 * </pre>
 *
 * They are two, because each costs every idle device a context; what has no state of its own is a
 * function that SESSION calls. Before these stand what a new connection must pass, each of which
 * goes away then: the admissions of its gateway when it is there, {@link StrangerGate}, behind
 * FRAMES, with its first message.
 */
final class Pipeline {
  /** Cuts the stream into frames, within the limit. */
  static final String FRAMES = "frames";

  /** Reads each frame, drives the session, frames what it sends. */
  static final String SESSION = "session";

  private Pipeline() {}

  /** Adds the handlers to a channel that is about to become active. */
  static void setUp(
      Channel channel, List<Admission> admissions, SessionHandler.Surroundings surroundings) {
    channel.config().setRecvByteBufAllocator(surroundings.loop().reads());
    FrameDecoder frames = new FrameDecoder();
    ChannelPipeline pipeline = channel.pipeline();
    admissions.forEach(pipeline::addLast);
    pipeline.addLast(FRAMES, frames);
    pipeline.addLast(new StrangerGate(surroundings.strangers(), surroundings.refusals()));
    pipeline.addLast(SESSION, new SessionHandler(frames, surroundings));
  }
}
