package io.speedwell.run;

/**
 * An update that a committed round counted: who sent it, and the rest of its key besides run and
 * round. Identities only; what was in it is kept nowhere. Immutable.
 *
 * @param device id of the device
 * @param task the task's number in its run
 * @param attempt try of the round, from 1
 * @param updateId the device's number for this training; never 0
 */
public record CountedUpdate(String device, int task, int attempt, int updateId) {}
