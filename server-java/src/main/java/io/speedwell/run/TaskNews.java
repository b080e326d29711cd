package io.speedwell.run;

import io.speedwell.fleet.Device;
import io.speedwell.session.FleetEvent;
import io.speedwell.session.TaskKey;

/**
 * Hands what a device tells of a task to the round or the evaluation the task belongs to. Used in
 * the mailbox only.
 *
 * @param run the run's name
 * @param runId its id
 * @param round that is under way; null: none is
 * @param evaluations of the run; null: none are made
 */
record TaskNews(Desk desk, String run, long runId, TrainingRound round, Evaluations evaluations) {

  void tell(Device device, FleetEvent.OfTask event) {
    if (event instanceof FleetEvent.Began began) {
      if (trains(device, began.task())) {
        round.began(device);
      }
    } else if (event instanceof FleetEvent.Refused refused) {
      refused(device, refused);
    } else if (event instanceof FleetEvent.Rejected rejected) {
      String why = Reasons.rejection(rejected.reason());
      desk.listener().deviceRefused(run, device.id(), why);
      if (trains(device, rejected.task())) {
        round.refused(device, rejected.traffic());
      } else if (evaluates(device, rejected.task())) {
        evaluations.refused(why);
      }
    } else if (event instanceof FleetEvent.Accepted accepted) {
      accepted(device, accepted);
    }
  }

  private void refused(Device device, FleetEvent.Refused refused) {
    String why = Reasons.refusal(refused.reason(), refused.detail());
    desk.listener().deviceRefused(run, device.id(), why);
    if (refused.wholeRun() || Reasons.lasting(refused.reason())) {
      device.refuse(runId);
    }
    if (trains(device, refused.task())) {
      round.refused(device, refused.traffic());
    } else if (evaluates(device, refused.task())) {
      evaluations.refused(why);
    }
  }

  private void accepted(Device device, FleetEvent.Accepted accepted) {
    if (trains(device, accepted.task())) {
      round.accepted(device, accepted.result(), accepted.traffic());
    } else if (evaluates(device, accepted.task())) {
      evaluations.accepted(accepted.result());
    } else {
      accepted.result().release(); // it crossed the end of its round
    }
  }

  private boolean trains(Device device, TaskKey key) {
    return round != null && round.owns(device, key);
  }

  private boolean evaluates(Device device, TaskKey key) {
    return evaluations != null && evaluations.owns(device, key);
  }
}
