package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/**
 * The handlers of a device's connection, in order; every listener sets its channels up here.
 *
 * <pre>
 *   bytes -> FRAMES -> MESSAGES -> SESSION
 *   bytes <- ENCODER           <- SESSION
 * </pre>
 *
 * Before these stand what a new connection must pass, each of which goes away then: the admissions
 * of its gateway when it is there, {@link StrangerGate}, behind MESSAGES, with its first message.
 */
final class Pipeline {
  /** Cuts the stream into frames, within the limit. */
  static final String FRAMES = "frames";

  /** Checks and parses each frame. */
  static final String MESSAGES = "messages";

  /** Frames what is sent. */
  static final String ENCODER = "encoder";

  /** Drives the session. */
  static final String SESSION = "session";

  private static final MessageDecoder MESSAGE_DECODER = new MessageDecoder();
  private static final MessageEncoder MESSAGE_ENCODER = new MessageEncoder();

  private Pipeline() {}

  /** Adds the handlers to a channel that is about to become active. */
  static void setUp(
      Channel channel, List<Admission> admissions, SessionHandler.Surroundings surroundings) {
    FrameDecoder frames = new FrameDecoder();
    ChannelPipeline pipeline = channel.pipeline();
    admissions.forEach(pipeline::addLast);
    pipeline.addLast(FRAMES, frames);
    pipeline.addLast(MESSAGES, MESSAGE_DECODER);
    pipeline.addLast(ENCODER, MESSAGE_ENCODER);
    pipeline.addLast(new StrangerGate(surroundings.strangers(), surroundings.refusals()));
    pipeline.addLast(SESSION, new SessionHandler(frames, surroundings));
  }
}
