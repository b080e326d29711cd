package io.speedwell.run;

/** What the coordinator says to an order of the operator. Immutable. */
public sealed interface RunAnswer {

  /** It is done, or will be when the open round is over: where the run stands now. */
  record Done(RunStatus status) implements RunAnswer {}

  /** No run of this name has been started since the server was. */
  record Unknown(String run) implements RunAnswer {}

  /** It cannot be done; why in words. */
  record Refused(String why) implements RunAnswer {}
}
