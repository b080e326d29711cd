-- The durable truth of runs, in SQL that H2 and PostgreSQL both take.

CREATE TABLE run_plan (
  run      VARCHAR(64) PRIMARY KEY,
  identity CHAR(64) NOT NULL,
  resolved TEXT NOT NULL
);

CREATE TABLE run (
  id   BIGINT PRIMARY KEY,
  name VARCHAR(64) NOT NULL UNIQUE
);

CREATE TABLE committed_round (
  run_id         BIGINT NOT NULL REFERENCES run (id),
  number         INTEGER NOT NULL,
  checkpoint     CHAR(64) NOT NULL,
  committed_at   TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
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
  PRIMARY KEY (run_id, number)
);

CREATE TABLE evaluation (
  run_id   BIGINT NOT NULL REFERENCES run (id),
  number   INTEGER NOT NULL,
  devices  INTEGER NOT NULL,
  examples BIGINT NOT NULL,
  PRIMARY KEY (run_id, number)
);

CREATE TABLE evaluation_metric (
  run_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  name   VARCHAR(32) NOT NULL,
  figure DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (run_id, number, name),
  FOREIGN KEY (run_id, number) REFERENCES evaluation (run_id, number)
);
