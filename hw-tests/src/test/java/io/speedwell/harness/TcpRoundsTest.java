package io.speedwell.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.speedwell.cli.FleetServer;
import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceOptions;
import io.speedwell.jna.JavaTrainer;
import io.speedwell.jna.MlpTrainer;
import io.speedwell.jna.NativeDevice;
import io.speedwell.run.RunSpec;
import io.speedwell.simulate.LinkRules;
import io.speedwell.simulate.MemoryStore;
import io.speedwell.simulate.Simulation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The C client through whole rounds against the real server, over TCP. */
@Tag("jna")
class TcpRoundsTest {
  private final Witness witness = new Witness();

  private void overTcp(RunSpec spec, List<NativeDevice> devices) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    List<TcpDevice> started = new ArrayList<>();
    try (FleetServer server =
        FleetServer.start(
            FleetServer.Settings.of(anyPort, false, 16 << 20), new MemoryStore(), witness)) {
      devices.forEach(device -> started.add(TcpDevice.start(device, server.address())));
      server.run(spec);
      await().atMost(Duration.ofSeconds(60)).until(() -> witness.ended != null);
    } finally {
      started.forEach(TcpDevice::close);
    }
  }

  @Test
  void theUpdateArrivesBitForBit() {
    DeviceModel model = new DeviceModel(Plans.SMALL_ON_DEVICE);
    ScriptedTrainer trainer = new ScriptedTrainer(model, 17, 3);
    Capture capture = new Capture();

    overTcp(
        Plans.run(Plans.SMALL, 2, capture),
        List.of(
            new NativeDevice(
                DeviceOptions.of("car-1", 1).withFrameBuffer(256),
                new JavaTrainer(model, trainer))));

    assertThat(witness.committed).hasSize(2);
    assertThat(capture.arrived).hasSize(2);
    for (int round = 0; round < 2; round++) {
      float[] produced = trainer.produced.get(round);
      for (int k = 0; k < produced.length; k++) {
        assertThat(Float.floatToRawIntBits(capture.arrived.get(round)[k]))
            .isEqualTo(Float.floatToRawIntBits(produced[k]));
      }
    }
  }

  @Test
  void theSameFleetLearnsTheSameModelOverTcpAndInVirtualTime() {
    RunSpec spec = Plans.run(Plans.MLP, 3, 5);

    overTcp(spec, fleet());

    Witness virtual = new Witness();
    Simulation simulation = Simulation.of(1, new MemoryStore(), virtual);
    fleet()
        .forEach(
            device ->
                simulation.attach(
                    device.options().id(), new SimulatedDevice(device), LinkRules.PLAIN));
    simulation.start(spec);
    assertThat(simulation.runUntil(() -> virtual.ended != null, 3_600_000)).isTrue();
    assertThat(virtual.committed).hasSize(3);
    assertThat(witness.model()).isEqualTo(virtual.model());
    assertThat(witness.model()).isNotEqualTo(spec.initial().values());
  }

  /** Five devices with rows of two easily told classes each. */
  private static List<NativeDevice> fleet() {
    List<NativeDevice> devices = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Random random = new Random(i);
      List<MlpTrainer.Row> rows = new ArrayList<>();
      for (int row = 0; row < 20 + i; row++) {
        int label = (2 * i + row % 2) % 10;
        float[] features = new float[64];
        for (int k = 0; k < features.length; k++) {
          features[k] = (k / 6 == label ? 0.75f : 0f) + random.nextFloat() / 4;
        }
        rows.add(new MlpTrainer.Row(features, label));
      }
      devices.add(new NativeDevice(DeviceOptions.of("car-" + i, i), new MlpTrainer(rows)));
    }
    return devices;
  }
}
