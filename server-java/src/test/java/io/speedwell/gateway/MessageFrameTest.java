package io.speedwell.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.Welcome;
import org.junit.jupiter.api.Test;

class MessageFrameTest {
  @Test
  void isTheLengthAndTheMessage() {
    ToDevice message = ToDevice.newBuilder().setWelcome(Welcome.newBuilder().setVersion(1)).build();
    ByteBuf frame = MessageFrame.of(message, UnpooledByteBufAllocator.DEFAULT);
    assertThat(ByteBufUtil.hexDump(frame)).isEqualTo("04" + "0a020801");
    frame.release();
  }
}
