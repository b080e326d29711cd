package io.speedwell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.speedwell.gateway.RawDevice;
import io.speedwell.model.HeInitialiser;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.ToDevice;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.run.plan.PlanReader;
import io.speedwell.store.DataFolder;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over TCP, with a device's end by hand. */
class FleetServerTest {
  private static final String PLAN =
      """
      name: tiny
      model:
        tensors:
          - {name: w, shape: [3]}
      rounds: {goal: 1, count: 1, deadline: 60s}
      """;

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir private Path folder;
  private final CompletableFuture<String> refused = new CompletableFuture<>();
  private final CompletableFuture<Checkpoint> ended = new CompletableFuture<>();
  private DataFolder data;
  private FleetServer server;

  private final RunListener listener =
      new RunListener() {
        @Override
        public void deviceRefused(String run, String device, String reason) {
          refused.complete(device);
        }

        @Override
        public void runEnded(String run, String why, Checkpoint last) {
          ended.complete(last);
        }
      };

  @BeforeEach
  void start() throws Exception {
    Plan plan = PlanReader.read(PLAN, "plan.yaml", folder);
    data = Data.open(folder.resolve("data"), plan);
    server =
        FleetServer.start(FleetServer.Settings.of(ANY_PORT, false, 1 << 20), data.runs(), listener);
    server.run(
        new RunSpec(
            plan, HeInitialiser.initialise(plan.model().layout(), 1), RunSpec.Patience.DEFAULTS));
  }

  @AfterEach
  void stop() {
    server.close();
    data.close();
  }

  @Test
  void anUpdateThatIsNoNumberHarmsNobody() throws Exception {
    try (RawDevice bad = new RawDevice(server.address()).enter("bad")) {
      Updates.train(bad, 1, Float.NaN, 3);
      ToDevice answer = bad.read();
      assertThat(answer.getCancel().getReason()).isEqualTo(CancelReason.CANCEL_NON_FINITE_VALUE);
      assertThat(refused.get(30, TimeUnit.SECONDS)).isEqualTo("bad");

      try (RawDevice good = new RawDevice(server.address()).enter("good")) {
        Updates.train(good, 1, 2, 3);
        assertThat(good.read().getAccepted().getUpdateId()).isEqualTo(77);
        assertThat(good.read().hasCommitted()).isTrue();
      }
    }
    Checkpoint last = ended.get(30, TimeUnit.SECONDS);
    assertThat(last.summary().devices()).isEqualTo(1);
    assertThat(last.parameters().values()).containsExactly(1, 2, 3);
  }

  @Test
  void sendsDevicesHomeWithATimeToComeBack() throws Exception {
    try (RawDevice device = new RawDevice(server.address()).enter("guest")) {
      device.read(); // the run's offer
      CountDownLatch closed = closeInBackground();
      Bye bye = device.read().getBye();
      assertThat(bye.getReason()).isEqualTo(ByeReason.BYE_SHUTDOWN_VALUE);
      assertThat(bye.getRetryAfterMs()).isBetween(1_000, 2_000);
      assertThat(device.read()).isNull();
      device.hangUp();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThatThrownBy(() -> new RawDevice(server.address())).isInstanceOf(ConnectException.class);
  }

  @Test
  void sendsHomeWhoHasNotSaidWhoItIs() throws Exception {
    try (RawDevice stranger = new RawDevice(server.address());
        RawDevice guest = new RawDevice(server.address()).enter("guest")) {
      CountDownLatch closed = closeInBackground();
      assertThat(stranger.read().getBye().getReason()).isEqualTo(ByeReason.BYE_SHUTDOWN_VALUE);
      stranger.hangUp();
      guest.hangUp();
      assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private CountDownLatch closeInBackground() {
    CountDownLatch closed = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              server.close();
              closed.countDown();
            });
    closing.start();
    return closed;
  }

  @Test
  void listensOnOtherAddressesThanLoopbackOnlyWhenToldSo() throws Exception {
    InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThatThrownBy(
            () ->
                FleetServer.start(
                    FleetServer.Settings.of(everywhere, false, 1 << 20), data.runs(), listener))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--allow-plaintext");
    FleetServer.start(FleetServer.Settings.of(everywhere, true, 1 << 20), data.runs(), listener)
        .close();
  }
}
