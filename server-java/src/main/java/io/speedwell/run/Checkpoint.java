package io.speedwell.run;

import io.speedwell.model.Parameters;
import java.util.List;

/**
 * What is durable of a run after a round. Immutable by convention: nobody writes to the arrays.
 *
 * @param runId the run's 64-bit id on the wire; never 0
 * @param run the run's name
 * @param round from 1; 0: the initial model
 * @param parameters the global model
 * @param strategyState the strategy's own state, opaque
 * @param summary how the round went
 * @param counted the updates that made it, in no order; none for the initial model
 */
public record Checkpoint(
    long runId,
    String run,
    int round,
    Parameters parameters,
    byte[] strategyState,
    RoundSummary summary,
    List<CountedUpdate> counted) {}
