package io.speedwell.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import io.speedwell.protocol.Welcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The binding: identity, memory and events cross the border unharmed. */
class NativeDeviceTest {
  private final List<DeviceEvent> events = new ArrayList<>();

  private static final class IdleTrainer implements DeviceTrainer {
    @Override
    public boolean begin(DeviceTask task) {
      return false;
    }

    @Override
    public Step step(boolean wrapUp) {
      return Step.DONE;
    }

    @Override
    public void finish(Cause cause, DeviceResult result) {}
  }

  private NativeDevice device(DeviceOptions options) {
    DeviceModel model =
        new DeviceModel(
            List.of(DeviceTensor.mean("weight", 3, 2), new DeviceTensor("own", List.of(4), 2)));
    return new NativeDevice(
        options, new JavaTrainer(model, new IdleTrainer()), events::add, () -> true);
  }

  private static List<ToServer> frames(byte[] bytes) {
    List<ToServer> frames = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      for (ToServer next = ToServer.parseDelimitedFrom(in);
          next != null;
          next = ToServer.parseDelimitedFrom(in)) {
        frames.add(next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frames;
  }

  private static byte[] frame(ToDevice message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      message.writeDelimitedTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static ToDevice welcome() {
    return ToDevice.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setVersion(1)
                .setToken(7)
                .setKeepAliveMs(60_000)
                .setFrameLimit(4096))
        .build();
  }

  @Test
  void saysHelloWithWhatItWasGiven() {
    try (NativeDevice device =
        device(DeviceOptions.of("car-17", 1).withFrameBuffer(300).withKeepAlive(45_000))) {
      device.reach(true);
      device.step(0, 1);

      Hello hello = frames(device.take()).get(0).getHello();

      assertThat(hello.getDeviceId()).isEqualTo(ByteString.copyFromUtf8("car-17"));
      assertThat(hello.getFrameLimit()).isEqualTo(300);
      assertThat(hello.getKeepAliveMs()).isEqualTo(45_000);
      assertThat(hello.getParameterCapacity()).isEqualTo(6);
      assertThat(hello.getNumerics()).isEqualTo(1);
    }
  }

  @Test
  void sleepsUntilItsKeepAliveIsDueAndThenSendsIt() {
    try (NativeDevice device = device(DeviceOptions.of("car-17", 1))) {
      device.reach(true);
      device.step(0, 1);
      device.take();
      device.put(frame(welcome()));
      Wish wish = device.step(10, 1);

      assertThat(device.connected()).isTrue();
      assertThat(events).extracting(DeviceEvent::kind).containsExactly(DeviceEvent.Kind.CONNECTED);
      assertThat(wish.cpu()).isFalse();
      assertThat(wish.read()).isTrue();
      // One interval after the last thing it sent: its Hello, at 0.
      assertThat(wish.wakeInMs(10)).isEqualTo(59_990);
      device.step(60_000, 1);
      assertThat(frames(device.take()).get(0).getKeepAlive())
          .isEqualTo(KeepAlive.getDefaultInstance());
    }
  }

  @Test
  void whatJavaThrowsComesOutOfStep() {
    DeviceModel model = new DeviceModel(List.of(DeviceTensor.mean("weight", 1)));
    try (NativeDevice device =
        new NativeDevice(
            DeviceOptions.of("car-17", 1),
            new JavaTrainer(model, new IdleTrainer()),
            event -> {
              throw new IllegalStateException("listener");
            },
            () -> true)) {
      device.reach(false);
      assertThatThrownBy(() -> device.step(0, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("listener");
    }
  }

  @Test
  void aBufferBelowTheSmallestIsRefused() {
    assertThatThrownBy(() -> device(DeviceOptions.of("car-17", 1).withFrameBuffer(255)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("status 2");
  }

  @Test
  void theClientsStateIsSmall() {
    assertThat(NativeDevice.stateBytes()).isBetween(1, 512);
  }
}
