-- Which updates made a committed round: identities, no content.

CREATE TABLE counted_update (
  run_id    BIGINT NOT NULL REFERENCES run (id),
  number    INTEGER NOT NULL,
  attempt   INTEGER NOT NULL,
  device    VARCHAR(32) NOT NULL,
  task      INTEGER NOT NULL,
  update_id INTEGER NOT NULL,
  PRIMARY KEY (run_id, number, attempt, device)
);
