package io.speedwell.session;

/**
 * What a task is known by on every connection; with the update id of a result it is the key an
 * update counts under.
 *
 * @param runId the run's 64-bit id
 * @param round the round that is trained, or the committed round that is evaluated; from 1
 * @param task number of the task, all 32 bits, never 0: a function of run seed, round and device
 * @param attempt from 1; an abandoned round is tried again with the next one
 */
public record TaskKey(long runId, int round, int task, int attempt) {}
