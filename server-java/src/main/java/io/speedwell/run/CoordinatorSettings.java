package io.speedwell.run;

/**
 * Limits of a coordinator. Times in milliseconds.
 *
 * @param mailbox events waiting above which {@link Coordinator#publish} asks to stop reading
 * @param devices devices remembered, present or not
 * @param updateBudget bytes of the update budget; a run whose update is larger is refused at its
 *     start
 * @param heap bytes that server, budget and runs may take together; a run that does not fit is
 *     refused at its start
 * @param duplicateRetryMs what a second device with an id in use is told to wait
 * @param partialHoldMs how long an upload that broke off keeps its memory
 * @param storeRetryMs first wait after the store failed; doubles up to a minute
 */
public record CoordinatorSettings(
    int mailbox,
    int devices,
    long updateBudget,
    long heap,
    int duplicateRetryMs,
    long partialHoldMs,
    long storeRetryMs) {

  public static final CoordinatorSettings DEFAULTS =
      new CoordinatorSettings(10_000, 100_000, 256L << 20, Long.MAX_VALUE, 10_000, 30_000, 1_000);
}
