-- A run can be rolled back: what comes after is another generation, and what was before stays to be seen.
-- Tables are written anew because H2 and PostgreSQL have no common words for another primary key.

-- The one data folder whose checkpoints these rows name.
CREATE TABLE folder (
  id CHAR(36) PRIMARY KEY
);

ALTER TABLE run ADD COLUMN generation INTEGER DEFAULT 0 NOT NULL;

CREATE TABLE round_of_generation (
  run_id         BIGINT NOT NULL REFERENCES run (id),
  generation     INTEGER NOT NULL,
  number         INTEGER NOT NULL,
  checkpoint     CHAR(64) NOT NULL,
  committed_at   TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  rolled_back_at TIMESTAMP WITH TIME ZONE, -- NULL: the run stands on it
  retired_at     TIMESTAMP WITH TIME ZONE, -- NULL: its checkpoint is kept
  attempt        INTEGER NOT NULL,
  devices        INTEGER NOT NULL,
  partial        INTEGER NOT NULL,
  examples       BIGINT NOT NULL,
  loss_before    DOUBLE PRECISION,
  loss_after     DOUBLE PRECISION,
  refused        INTEGER NOT NULL,
  lost           INTEGER NOT NULL,
  selecting_ms   BIGINT NOT NULL,
  configuring_ms BIGINT NOT NULL,
  collecting_ms  BIGINT NOT NULL,
  folding_ms     BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL,
  sent_bytes     BIGINT NOT NULL,
  PRIMARY KEY (run_id, generation, number)
);

INSERT INTO round_of_generation (run_id, generation, number, checkpoint, committed_at, attempt, devices, partial,
    examples, loss_before, loss_after, refused, lost, selecting_ms, configuring_ms, collecting_ms, folding_ms,
    received_bytes, sent_bytes)
  SELECT run_id, 0, number, checkpoint, committed_at, attempt, devices, partial, examples, loss_before, loss_after,
    refused, lost, selecting_ms, configuring_ms, collecting_ms, folding_ms, received_bytes, sent_bytes
  FROM committed_round;

DROP TABLE committed_round;
ALTER TABLE round_of_generation RENAME TO committed_round;

CREATE TABLE evaluation_of_generation (
  run_id     BIGINT NOT NULL REFERENCES run (id),
  generation INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  devices    INTEGER NOT NULL,
  examples   BIGINT NOT NULL,
  PRIMARY KEY (run_id, generation, number)
);

INSERT INTO evaluation_of_generation (run_id, generation, number, devices, examples)
  SELECT run_id, 0, number, devices, examples FROM evaluation;

CREATE TABLE metric_of_generation (
  run_id     BIGINT NOT NULL,
  generation INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  name       VARCHAR(32) NOT NULL,
  figure     DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (run_id, generation, number, name),
  FOREIGN KEY (run_id, generation, number) REFERENCES evaluation_of_generation (run_id, generation, number)
);

INSERT INTO metric_of_generation (run_id, generation, number, name, figure)
  SELECT run_id, 0, number, name, figure FROM evaluation_metric;

DROP TABLE evaluation_metric;
DROP TABLE evaluation;
ALTER TABLE evaluation_of_generation RENAME TO evaluation;
ALTER TABLE metric_of_generation RENAME TO evaluation_metric;
