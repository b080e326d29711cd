package io.speedwell.admin;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunListener;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Figures for Prometheus: what runs do, heard as a listener, and what other rooms count, read when
 * it is asked for. Nothing of a single device is among them. Thread-safe.
 */
public final class Metrics implements RunListener, AutoCloseable {
  private static final MediaType TEXT = MediaType.parse("text/plain; version=0.0.4; charset=utf-8");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private volatile int present;

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    gc.bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gauge("speedwell.devices.present", "Devices that are connected", () -> present);
  }

  /**
   * Shows a figure that goes up and down.
   *
   * @param name words with dots between
   * @param tags names and values, in turn
   */
  public void gauge(String name, String help, LongSupplier value, String... tags) {
    Gauge.builder(name, value, LongSupplier::getAsLong)
        .description(help)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /**
   * Shows a figure that only grows.
   *
   * @param name words with dots between; Prometheus adds {@code _total}
   * @param tags names and values, in turn
   */
  public void counter(String name, String help, LongSupplier value, String... tags) {
    // the registry holds the object weakly and the function strongly
    FunctionCounter.builder(name, this, metrics -> value.getAsLong())
        .description(help)
        .tags(tags)
        .register(registry);
  }

  HttpResponse response() {
    return HttpResponse.of(HttpStatus.OK, TEXT, registry.scrape());
  }

  private Counter count(String name, String help, String... tags) {
    return Counter.builder(name).description(help).tags(tags).register(registry);
  }

  private void rounds(String run, String outcome) {
    count("speedwell.rounds", "Rounds that ended", "run", run, "outcome", outcome).increment();
  }

  private void phase(String run, String phase, long ms) {
    Timer.builder("speedwell.round.phase")
        .description("Time of the phases of committed rounds")
        .tags("run", run, "phase", phase)
        .serviceLevelObjectives(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10))
        .register(registry)
        .record(Duration.ofMillis(ms));
  }

  // ---- what happens

  @Override
  public void deviceJoined(String device, int nowPresent) {
    present = nowPresent;
    count("speedwell.devices.joined", "Devices that were let in").increment();
  }

  @Override
  public void deviceLeft(String device, String why, int nowPresent) {
    present = nowPresent;
    count("speedwell.devices.left", "Devices that left").increment();
  }

  @Override
  public void deviceRefused(String run, String device, String reason) {
    // behind the colon stands what a device said; it would make a series of its own each time
    int colon = reason.indexOf(": ", reason.startsWith(RESULT) ? RESULT.length() : 0);
    String kind = colon < 0 ? reason : reason.substring(0, colon);
    count("speedwell.refusals", "Tasks and results refused", "run", run, "reason", kind)
        .increment();
  }

  private static final String RESULT = "its result was refused: ";

  @Override
  public void roundAbandoned(String run, int round, int attempt, String why) {
    rounds(run, "abandoned");
  }

  @Override
  public void roundCommitted(String run, Checkpoint checkpoint) {
    RoundSummary summary = checkpoint.summary();
    if (checkpoint.round() == 0) {
      return;
    }
    rounds(run, "committed");
    phase(run, "selecting", summary.phases().selecting());
    phase(run, "configuring", summary.phases().configuring());
    phase(run, "collecting", summary.phases().collecting());
    phase(run, "folding", summary.phases().folding());
    bytes(run, "received", summary.traffic().received());
    bytes(run, "sent", summary.traffic().sent());
    count("speedwell.updates", "Updates that count", "run", run).increment(summary.devices());
  }

  private void bytes(String run, String direction, long bytes) {
    count(
            "speedwell.round.bytes",
            "Bytes on devices' connections in committed rounds",
            "run",
            run,
            "direction",
            direction)
        .increment(bytes);
  }

  @Override
  public void storeFailed(String run, String why, long retryMs) {
    count("speedwell.store.failures", "Calls of the store that failed", "run", run).increment();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
