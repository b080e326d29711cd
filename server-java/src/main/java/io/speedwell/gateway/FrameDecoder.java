package io.speedwell.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.speedwell.protocol.Frames;
import io.speedwell.protocol.Limits;
import io.speedwell.session.SessionEvent;
import java.nio.ByteBuffer;

/**
 * Cuts the stream into frames and hands on the message of each, without its length. What lies whole
 * in one read is handed on as a slice; only a frame that reads divide is copied, into a buffer of
 * its own size, so that never more than one frame limit is held. Between frames it holds nothing.
 *
 * <p>A length that breaks the rules is told down the pipeline as {@link SessionEvent.Malformed},
 * before any byte of the frame is waited for; what comes after it is dropped.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
  private static final int LENGTH_ROOM = 5; // bytes until the longest length is judged

  private int limit = Limits.FRAME_MIN;
  private ByteBuf partial;
  private boolean inLength;
  private boolean dropping;

  /** Sets the largest frame taken from now on, in bytes, its length included. */
  void limit(int bytes) {
    limit = bytes;
  }

  /** Drops what was begun and whatever comes from now on. */
  void dropAll() {
    dropping = true;
    drop();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (in.isReadable() && !dropping) {
        ByteBuf frame = partial == null ? begin(context, in) : goOn(context, in);
        if (frame != null) {
          context.fireChannelRead(frame);
        }
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    drop();
  }

  /** Starts a frame at the read's bytes; null: not whole, or broken. */
  private ByteBuf begin(ChannelHandlerContext context, ByteBuf in) {
    int length = readLength(context, in);
    if (length < 0) {
      return null;
    }
    if (length == Frames.NEED_MORE) {
      inLength = true;
      partial = context.alloc().buffer(LENGTH_ROOM, LENGTH_ROOM);
      partial.writeBytes(in);
      return null;
    }
    if (in.readableBytes() >= length) {
      return in.readRetainedSlice(length);
    }
    partial = context.alloc().buffer(length, length);
    partial.writeBytes(in);
    return null;
  }

  private ByteBuf goOn(ChannelHandlerContext context, ByteBuf in) {
    if (inLength) {
      finishLength(context, in);
      return null;
    }
    partial.writeBytes(in, Math.min(in.readableBytes(), partial.writableBytes()));
    if (partial.isWritable()) {
      return null;
    }
    ByteBuf whole = partial;
    partial = null;
    return whole;
  }

  private void finishLength(ChannelHandlerContext context, ByteBuf in) {
    partial.writeByte(in.readByte());
    int length = readLength(context, partial);
    if (length > 0) {
      inLength = false;
      partial.release();
      partial = context.alloc().buffer(length, length);
    }
  }

  /** As {@link Frames#readLength}; a broken rule is told and ends the stream. */
  private int readLength(ChannelHandlerContext context, ByteBuf in) {
    ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
    int start = bytes.position();
    int length = Frames.readLength(bytes, limit);
    if (length < 0) {
      dropAll();
      context.fireChannelRead(new SessionEvent.Malformed(Frames.brokenRule(length).word()));
    } else {
      in.skipBytes(bytes.position() - start);
    }
    return length;
  }

  private void drop() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
  }
}
