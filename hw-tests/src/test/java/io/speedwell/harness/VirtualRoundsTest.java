package io.speedwell.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.speedwell.jna.DeviceEvent;
import io.speedwell.jna.DeviceModel;
import io.speedwell.jna.DeviceOptions;
import io.speedwell.jna.DeviceTensor;
import io.speedwell.jna.DeviceTrainer;
import io.speedwell.jna.JavaTrainer;
import io.speedwell.jna.NativeDevice;
import io.speedwell.model.ElementType;
import io.speedwell.model.Layout;
import io.speedwell.model.Rule;
import io.speedwell.model.Tensor;
import io.speedwell.model.UpdateEncoding;
import io.speedwell.run.RunSpec;
import io.speedwell.run.plan.Plan;
import io.speedwell.simulate.LinkRules;
import io.speedwell.simulate.MemoryStore;
import io.speedwell.simulate.Simulation;
import io.speedwell.simulate.VirtualLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C client through whole rounds of the production classes, in virtual time. */
@Tag("jna")
class VirtualRoundsTest {
  private static final long DAY_MS = 86_400_000;

  private final Witness witness = new Witness();
  private final Simulation simulation = Simulation.of(5, new MemoryStore(), witness);
  private final List<ScriptedTrainer> trainers = new ArrayList<>();
  private final List<DeviceEvent> events = new ArrayList<>();

  private VirtualLink add(
      DeviceOptions options,
      List<DeviceTensor> tensors,
      int examples,
      int slices,
      LinkRules rules) {
    DeviceModel model = new DeviceModel(tensors);
    ScriptedTrainer trainer = new ScriptedTrainer(model, examples, slices);
    trainers.add(trainer);
    NativeDevice device =
        new NativeDevice(options, new JavaTrainer(model, trainer), events::add, () -> true);
    return simulation.attach(options.id(), new SimulatedDevice(device), rules);
  }

  private void runToEnd(RunSpec spec) {
    simulation.start(spec);
    assertThat(simulation.runUntil(() -> witness.ended != null, DAY_MS))
        .as("the run ends; heard so far: %s", witness.events)
        .isTrue();
    simulation.runFor(1_000);
    assertThat(simulation.budget().free()).isEqualTo(simulation.budget().capacity());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  // SPW-UPL-03
  @Test
  void whatADeviceTrainedArrivesBitForBit() {
    add(DeviceOptions.of("car-1", 1), Plans.SMALL_ON_DEVICE, 17, 3, LinkRules.PLAIN);
    Capture capture = new Capture();

    runToEnd(Plans.run(Plans.SMALL, 3, capture));

    assertThat(capture.arrived).hasSize(3);
    for (int round = 0; round < 3; round++) {
      float[] produced = trainers.get(0).produced.get(round);
      assertThat(bits(capture.arrived.get(round))).isEqualTo(bits(produced));
      float[] model = witness.committed.get(round).parameters().values();
      for (int k = 0; k < produced.length; k++) {
        assertThat(model[k]).isCloseTo(produced[k], offset(1e-6f));
      }
    }
    assertThat(trainers.get(0).rate).as("from the plan, through the config blob").isEqualTo(0.25f);
    assertThat(events)
        .extracting(DeviceEvent::kind)
        .containsSubsequence(
            DeviceEvent.Kind.CONNECTED,
            DeviceEvent.Kind.TASK,
            DeviceEvent.Kind.RESULT,
            DeviceEvent.Kind.ACCEPTED,
            DeviceEvent.Kind.COMMITTED);
  }

  @Test
  void tenDevicesAreAveragedByTheExamplesTheyHold() {
    for (int i = 0; i < 10; i++) {
      add(DeviceOptions.of("car-" + i, i), Plans.SMALL_ON_DEVICE, 10 + i, 3, LinkRules.PLAIN);
    }

    runToEnd(Plans.run(Plans.SMALL, 1, 10));

    float[] model = witness.model();
    for (int k = 0; k < model.length; k++) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < 10; i++) {
        sum += (10.0 + i) * trainers.get(i).produced.get(0)[k];
        weight += 10 + i;
      }
      assertThat((double) model[k]).isCloseTo(sum / weight, offset(1e-6));
    }
  }

  // SPW-RES-06
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void smallBuffersOnBadLinesGiveTheSameModelAsLargeOnesOnGoodLines(long seed) {
    int tensors = 700;
    List<DeviceTensor> onDevice = List.of(DeviceTensor.mean("long", tensors));
    Layout layout = Layout.of(new Tensor("long", List.of(tensors), ElementType.F32, Rule.MEAN));
    add(DeviceOptions.of("car-1", 1), onDevice, 5, 2, LinkRules.PLAIN);
    runToEnd(Plans.run(layout, 2, 1));
    float[] good = witness.model();

    Witness badWitness = new Witness();
    Simulation bad = Simulation.of(5, new MemoryStore(), badWitness);
    DeviceModel model = new DeviceModel(onDevice);
    List<DeviceEvent> heard = new ArrayList<>();
    NativeDevice device =
        new NativeDevice(
            DeviceOptions.of("car-1", 9).withFrameBuffer(256).withPipe(64).withBackoff(10, 100),
            new JavaTrainer(model, new ScriptedTrainer(model, 5, 2)),
            heard::add,
            () -> true);
    bad.attach("car-1", new SimulatedDevice(device), new LinkRules(3, 1, 40, 1_500, 1_700, seed));
    bad.start(Plans.run(layout, 2, 1));

    assertThat(bad.runUntil(() -> badWitness.ended != null, DAY_MS)).isTrue();
    assertThat(bits(badWitness.model())).isEqualTo(bits(good));
    assertThat(heard)
        .filteredOn(event -> event.kind() == DeviceEvent.Kind.RESUMED)
        .as("a transfer went on where it was cut")
        .isNotEmpty()
        .anyMatch(event -> event.number() > 0);
  }

  // SPW-UPL-06
  @Test
  void deltasGiveTheModelThatWeightsGive() {
    add(DeviceOptions.of("car-1", 1).withDelta(), Plans.SMALL_ON_DEVICE, 17, 3, LinkRules.PLAIN);

    runToEnd(
        Plans.run(
            Plans.SMALL,
            new Plan.Rounds(1, 1, 1, 0, 60_000, 10_000, Optional.empty(), 0),
            UpdateEncoding.DELTA));

    float[] produced = trainers.get(0).produced.get(0);
    for (int k = 0; k < produced.length; k++) {
      assertThat(witness.model()[k]).isCloseTo(produced[k], offset(1e-6f));
    }
  }

  // SPW-SES-05
  @Test
  void anHourWithoutServerPassesAtOnceAndTheDeviceComesBackByItself() {
    VirtualLink link =
        add(DeviceOptions.of("car-1", 1), Plans.SMALL_ON_DEVICE, 5, 2, LinkRules.PLAIN);
    NativeDevice lonely = lonely();
    lonely.reach(false);
    long now = 0;
    int tries = 0;
    while (now < 3_600_000) {
      now += Math.max(1, lonely.step(now, 1).wakeInMs(now));
      tries++;
    }
    assertThat(tries).as("back-off, not a busy loop").isBetween(12, 60);
    lonely.reach(true);
    lonely.step(now + 300_000, 1);
    assertThat(lonely.isOpen()).isTrue();

    runToEnd(Plans.run(Plans.SMALL, 1, 1));
    assertThat(link.bytesToServer()).isPositive();
  }

  private static NativeDevice lonely() {
    DeviceModel model = new DeviceModel(Plans.SMALL_ON_DEVICE);
    return new NativeDevice(
        DeviceOptions.of("lonely", 3), new JavaTrainer(model, new ScriptedTrainer(model, 1, 1)));
  }

  // SPW-TSK-08
  @Test
  void aDeviceTooSlowForTheDeadlineIsWarnedAndItsPartialWorkCounts() {
    add(DeviceOptions.of("quick", 1), Plans.SMALL_ON_DEVICE, 5, 2, LinkRules.PLAIN);
    add(
        DeviceOptions.of("slow", 2),
        Plans.SMALL_ON_DEVICE,
        5,
        1_000,
        new LinkRules(1, 1_000, 0, 0, 0, 0));

    runToEnd(
        Plans.run(
            Plans.SMALL,
            new Plan.Rounds(1, 2, 1, 0, 60_000, 20_000, Optional.empty(), 0),
            UpdateEncoding.WEIGHTS));

    assertThat(trainers.get(1).causes).containsExactly(DeviceTrainer.Cause.WRAPPED_UP);
    assertThat(trainers.get(1).sliceCalls).isLessThan(1_000);
    assertThat(witness.committed.get(0).summary().devices()).isEqualTo(2);
    assertThat(witness.committed.get(0).summary().partial()).isEqualTo(1);
  }

  @Test
  void aMissedDeadlineEndsTheRoundWithWhoIsThere() {
    add(DeviceOptions.of("quick", 1), Plans.SMALL_ON_DEVICE, 5, 2, LinkRules.PLAIN);
    add(
        DeviceOptions.of("stuck", 2),
        Plans.SMALL_ON_DEVICE,
        5,
        1_000,
        new LinkRules(1, 3_000_000, 0, 0, 0, 0));

    runToEnd(Plans.run(Plans.SMALL, 1, 2));

    assertThat(witness.committed.get(0).summary().devices()).isEqualTo(1);
  }

  // SPW-TSK-02
  @Test
  void aLayoutThatDiffersIsRefusedByTheTensorsName() {
    add(
        DeviceOptions.of("odd", 1),
        List.of(DeviceTensor.mean("dense.weight", 4, 3), DeviceTensor.mean("dense.offset", 4)),
        5,
        2,
        LinkRules.PLAIN);
    add(DeviceOptions.of("right", 2), Plans.SMALL_ON_DEVICE, 5, 2, LinkRules.PLAIN);

    runToEnd(Plans.run(Plans.SMALL, 1, 2));

    assertThat(events)
        .filteredOn(event -> event.kind() == DeviceEvent.Kind.REFUSED)
        .extracting(DeviceEvent::detail)
        .containsOnly("dense.offset");
    assertThat(witness.events)
        .anyMatch(event -> event.startsWith("odd: ") && event.contains("dense.offset"));
    assertThat(witness.committed.get(0).summary().devices()).isEqualTo(1);
  }

  // SPW-NUM-03
  @Test
  void theSameSeedGivesTheSameFrames() {
    assertThat(framesOf(11)).isNotEmpty().isEqualTo(framesOf(11));
    assertThat(framesOf(11)).isNotEqualTo(framesOf(12));
  }

  private static List<String> framesOf(long seed) {
    Witness witness = new Witness();
    Simulation simulation = Simulation.of(seed, new MemoryStore(), witness);
    for (int i = 0; i < 4; i++) {
      DeviceModel model = new DeviceModel(Plans.SMALL_ON_DEVICE);
      NativeDevice device =
          new NativeDevice(
              DeviceOptions.of("car-" + i, seed + i).withFrameBuffer(256).withBackoff(10, 100),
              new JavaTrainer(model, new ScriptedTrainer(model, 10 + i, 3)));
      simulation.attach(
          "car-" + i,
          new SimulatedDevice(device),
          new LinkRules(2, 1, 50, 300 + 20 * i, 0, seed + i));
    }
    simulation.start(Plans.run(Plans.SMALL, 3, 4));
    assertThat(simulation.runUntil(() -> witness.ended != null, DAY_MS)).isTrue();
    return simulation.log().lines();
  }

  // SPW-TIM-07
  @Test
  void anIdleDeviceSendsAndReceivesLessThanAByteASecond() {
    VirtualLink link =
        add(DeviceOptions.of("idle", 1), Plans.SMALL_ON_DEVICE, 5, 2, LinkRules.PLAIN);
    simulation.runFor(10_000);
    long before = link.bytesToServer() + link.bytesToDevice();
    simulation.runFor(600_000);
    assertThat(link.bytesToServer() + link.bytesToDevice() - before).isBetween(1L, 600L);
    assertThat(events).extracting(DeviceEvent::kind).containsExactly(DeviceEvent.Kind.CONNECTED);
  }
}
