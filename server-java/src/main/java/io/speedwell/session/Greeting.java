package io.speedwell.session;

import com.google.protobuf.ByteString;
import io.speedwell.fleet.DeviceProfile;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.Hello;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.SelfTest;
import java.nio.charset.StandardCharsets;

/** Judges a {@code Hello}. Pure functions. */
final class Greeting {

  private Greeting() {}

  /** What a hello comes to. */
  sealed interface Verdict {}

  /** The device may be let in. */
  record Fit(DeviceProfile profile) implements Verdict {}

  /** It is answered by {@code Bye}. */
  record Unfit(ByeReason reason, String detail) implements Verdict {}

  static Verdict judge(Hello hello) {
    ByteString id = hello.getDeviceId();
    if (id.isEmpty() || !printable(id)) {
      return new Unfit(ByeReason.BYE_PROTOCOL, "device_id: 1..32 printable ASCII without space");
    }
    int limit = hello.getFrameLimit();
    if (limit < Limits.FRAME_MIN || limit > Limits.FRAME_MAX) {
      return new Unfit(ByeReason.BYE_PROTOCOL, "frame_limit: 256..1048576");
    }
    if (hello.getKeepAliveMs() < 0) {
      return new Unfit(ByeReason.BYE_PROTOCOL, "keep_alive_ms: below 2^31");
    }
    if (Integer.compareUnsigned(hello.getVersionMin(), Limits.VERSION) > 0
        || Integer.compareUnsigned(hello.getVersionMax(), Limits.VERSION) < 0) {
      return new Unfit(ByeReason.BYE_VERSION, "this server speaks version " + Limits.VERSION);
    }
    if (hello.getSelfTest() == SelfTest.SELF_TEST_FAILED_VALUE) {
      return new Unfit(ByeReason.BYE_SELF_TEST, "the device failed its self-test");
    }
    return new Fit(
        new DeviceProfile(
            id.toString(StandardCharsets.US_ASCII),
            hello.getKinds(),
            hello.getRoles(),
            hello.getEncodings(),
            hello.getFeatures(),
            hello.getNumerics(),
            Integer.toUnsignedLong(hello.getArena()),
            Integer.toUnsignedLong(hello.getParameterCapacity()),
            hello.getConditions()));
  }

  /** A detail as a device sent it, made fit for a log. */
  static String text(ByteString detail) {
    StringBuilder text = new StringBuilder(detail.size());
    for (int i = 0; i < detail.size(); i++) {
      byte b = detail.byteAt(i);
      text.append(b >= ' ' && b <= '~' ? (char) b : '?');
    }
    return text.toString();
  }

  private static boolean printable(ByteString id) {
    for (int i = 0; i < id.size(); i++) {
      if (id.byteAt(i) <= ' ' || id.byteAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
