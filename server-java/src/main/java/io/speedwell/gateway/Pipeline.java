package io.speedwell.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;

/**
 * The handlers of a device's connection, in order; every listener sets its channels up here.
 *
 * <pre>
 *   bytes -> FRAMES -> MESSAGES -> SESSION
 *   bytes <- ENCODER           <- SESSION
 * </pre>
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
  static void setUp(Channel channel, SessionHandler.Surroundings surroundings) {
    FrameDecoder frames = new FrameDecoder();
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(FRAMES, frames);
    pipeline.addLast(MESSAGES, MESSAGE_DECODER);
    pipeline.addLast(ENCODER, MESSAGE_ENCODER);
    pipeline.addLast(SESSION, new SessionHandler(frames, surroundings));
  }
}
