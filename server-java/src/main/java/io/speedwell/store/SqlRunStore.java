package io.speedwell.store;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs in files and rows. A checkpoint is committed when its row is: first the file, synced and
 * named, then the row. A crash between the two leaves a file that no row knows, swept at the start.
 */
final class SqlRunStore implements RunStore {
  private static final Logger LOG = LoggerFactory.getLogger(SqlRunStore.class);

  private final Database database;
  private final CheckpointFiles files;

  SqlRunStore(Database database, CheckpointFiles files) {
    this.database = database;
    this.files = files;
  }

  /** Deletes checkpoint files that no row knows. */
  void sweep() throws StoreException {
    List<String> known = database.read("listing checkpoints", RunRows::checkpoints);
    int swept = files.sweep(new HashSet<>(known));
    if (swept > 0) {
      LOG.info("swept {} checkpoint file(s) of rounds that were never committed", swept);
    }
  }

  @Override
  public Optional<Checkpoint> latest(String run) throws StoreException {
    Optional<RunRows.Latest> row =
        database.read("finding the newest round", handle -> RunRows.latest(handle, run));
    if (row.isEmpty()) {
      return Optional.empty();
    }
    RoundSummary summary = row.get().summary();
    CheckpointFiles.Content content = files.read(row.get().sha256(), run, summary.round());
    return Optional.of(
        new Checkpoint(
            row.get().runId(),
            run,
            summary.round(),
            content.parameters(),
            content.state(),
            summary,
            counted(run, summary.round())));
  }

  @Override
  public void commit(Checkpoint checkpoint) throws StoreException {
    boolean known =
        database.read(
            "looking for the round",
            handle -> RunRows.contains(handle, checkpoint.runId(), checkpoint.round()));
    if (known) {
      database.sync("committing the round"); // an earlier try may have failed just here
      return;
    }
    String sha256 = files.write(checkpoint);
    database.write("committing the round", handle -> RunRows.insert(handle, checkpoint, sha256));
  }

  @Override
  public void record(String run, Evaluation evaluation) throws StoreException {
    database.write(
        "recording an evaluation", handle -> EvaluationRows.replace(handle, run, evaluation));
  }

  @Override
  public List<RoundSummary> rounds(String run) throws StoreException {
    return database.read("listing rounds", handle -> RunRows.rounds(handle, run));
  }

  @Override
  public List<CountedUpdate> counted(String run, int round) throws StoreException {
    return database.read("listing counted updates", handle -> CountedRows.list(handle, run, round));
  }

  @Override
  public List<Evaluation> evaluations(String run) throws StoreException {
    return database.read("listing evaluations", handle -> EvaluationRows.list(handle, run));
  }
}
