package io.speedwell.round;

/** What a round is told. Devices are named by their ids. */
public sealed interface RoundEvent {

  /** Begin to select. */
  record Start() implements RoundEvent {}

  /** Devices came, or became idle: {@link Candidates} may say more now. */
  record FleetChanged() implements RoundEvent {}

  /** The device holds the model and begins to work. */
  record Began(String device) implements RoundEvent {}

  /** The device will not, or its result was not fit. */
  record Refused(String device) implements RoundEvent {}

  /** The device's connection is lost. */
  record Lost(String device) implements RoundEvent {}

  /** The device is connected again. */
  record Returned(String device) implements RoundEvent {}

  /**
   * A result is complete and valid. Weight and work are two numbers: the weight is {@code
   * examplesHeld}, whatever of them was used.
   *
   * @param partial it was wrapped up
   * @param lossBefore mean loss at the base model; 0: not measured
   * @param lossAfter mean loss after the work; 0: not measured
   */
  record Accepted(
      String device, boolean partial, int examplesHeld, float lossBefore, float lossAfter)
      implements RoundEvent {}

  /** The device's result is in the sum. */
  record Folded(String device) implements RoundEvent {}

  /** The model of this round is made. */
  record Made() implements RoundEvent {}

  /** It is durable. */
  record Durable() implements RoundEvent {}

  /** It is to end now without a model, if it still takes results; why in a few words. */
  record Stop(String why) implements RoundEvent {}

  /** {@link Round#deadline()} has come; harmless at any other time. */
  record Tick() implements RoundEvent {}
}
