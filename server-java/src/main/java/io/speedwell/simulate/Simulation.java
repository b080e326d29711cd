package io.speedwell.simulate;

import io.speedwell.model.SplitMix64;
import io.speedwell.run.Coordinator;
import io.speedwell.run.CoordinatorSettings;
import io.speedwell.run.RangeFolding;
import io.speedwell.run.RunListener;
import io.speedwell.run.RunSpec;
import io.speedwell.run.RunStore;
import io.speedwell.session.SessionSettings;
import io.speedwell.session.UpdateBudget;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A whole fleet server in virtual time: the production coordinator, runs, rounds and sessions, with
 * one scheduler for all of them, links in memory instead of a network, and the store it is given.
 * What is random follows from the seed, so a simulation repeats frame by frame. Confined to one
 * thread.
 */
public final class Simulation {
  private final VirtualScheduler scheduler = new VirtualScheduler();
  private final UpdateBudget budget;
  private final VirtualGateway gateway;
  private final Coordinator coordinator;

  /**
   * @param seed of session tokens and new run ids
   * @param listener hears what happens
   */
  public Simulation(
      long seed,
      SessionSettings sessions,
      CoordinatorSettings settings,
      RunStore store,
      RunListener listener) {
    this.budget = new UpdateBudget(settings.updateBudget());
    this.gateway = new VirtualGateway(scheduler, sessions, budget);
    SplitMix64 random = new SplitMix64(seed);
    this.coordinator =
        new Coordinator(
            settings,
            random::next,
            scheduler,
            scheduler,
            gateway,
            new RangeFolding(List.of(scheduler)),
            store,
            scheduler,
            listener);
    gateway.publishTo(coordinator::publish);
  }

  /** A server with the usual settings. */
  public static Simulation of(long seed, RunStore store, RunListener listener) {
    return new Simulation(
        seed, SessionSettings.DEFAULTS, CoordinatorSettings.DEFAULTS, store, listener);
  }

  /** Puts a device at the end of a link; it begins to work when time passes. */
  public VirtualLink attach(String name, VirtualDevice device, LinkRules rules) {
    return gateway.attach(name, device, rules);
  }

  /** Begins a run, or goes on with it from the store's newest checkpoint. */
  public void start(RunSpec spec) {
    coordinator.start(spec);
  }

  /**
   * Lets time pass until the condition holds, at the longest so many milliseconds.
   *
   * @return whether it holds
   */
  public boolean runUntil(BooleanSupplier condition, long withinMs) {
    return scheduler.runUntil(condition, scheduler.nowMs() + withinMs);
  }

  /** Lets so many milliseconds pass. */
  public void runFor(long ms) {
    scheduler.runTo(scheduler.nowMs() + ms);
  }

  /** Milliseconds since the simulation began. */
  public long nowMs() {
    return scheduler.nowMs();
  }

  /** Time, for what the methods here do not offer. */
  public VirtualScheduler scheduler() {
    return scheduler;
  }

  /** The driver of the sessions. */
  public VirtualGateway gateway() {
    return gateway;
  }

  /** All frames so far. */
  public FrameLog log() {
    return gateway.log();
  }

  /** Memory for updates; whole again when nothing is under way. */
  public UpdateBudget budget() {
    return budget;
  }

  /** The owner of fleet and runs. */
  public Coordinator coordinator() {
    return coordinator;
  }
}
