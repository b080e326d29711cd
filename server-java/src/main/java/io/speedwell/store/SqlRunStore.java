package io.speedwell.store;

import io.speedwell.run.Checkpoint;
import io.speedwell.run.CommittedRound;
import io.speedwell.run.CountedUpdate;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
  private final Retention rule;
  private final ReadWriteLock held = new ReentrantReadWriteLock(); // who writes deletes files

  SqlRunStore(Database database, CheckpointFiles files, Retention rule) {
    this.database = database;
    this.files = files;
    this.rule = rule;
  }

  /** While it is locked, no checkpoint is deleted. */
  Lock held() {
    return held.readLock();
  }

  /** Deletes checkpoint files that no row keeps. */
  void sweep() throws StoreException {
    List<String> known = database.read("listing checkpoints", RunRows::checkpoints);
    int swept = files.sweep(new HashSet<>(known));
    if (swept > 0) {
      LOG.info("swept {} checkpoint file(s) that are not kept", swept);
    }
  }

  @Override
  public Optional<Checkpoint> latest(String run) throws StoreException {
    return read(run, "finding the newest round", handle -> RunRows.latest(handle, run));
  }

  @Override
  public Optional<Checkpoint> checkpoint(String run, int round) throws StoreException {
    return read(run, "finding a round", handle -> RunRows.find(handle, run, round));
  }

  /** The file of a row that is found stays until it is read. */
  private Optional<Checkpoint> read(
      String run, String what, Database.Work<Optional<RunRows.Found>> find) throws StoreException {
    held.readLock().lock();
    try {
      Optional<RunRows.Found> row = database.read(what, find);
      return row.isEmpty() ? Optional.empty() : Optional.of(read(run, row.get()));
    } finally {
      held.readLock().unlock();
    }
  }

  private Checkpoint read(String run, RunRows.Found row) throws StoreException {
    RoundSummary summary = row.summary();
    CheckpointFiles.Content content = files.read(row.sha256(), run, summary.round());
    return new Checkpoint(
        row.runId(),
        run,
        summary.round(),
        content.parameters(),
        content.state(),
        summary,
        counted(run, summary.round()));
  }

  @Override
  public List<String> names() throws StoreException {
    return database.read("listing runs", RunRows::names);
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

  /** Rows first: a crash between leaves files that no row keeps, swept at the next start. */
  @Override
  public void tidy(String run) throws StoreException {
    List<Retention.Kept> excess =
        rule.excess(
            database.read("listing checkpoints", handle -> RetentionRows.kept(handle, run, rule)));
    if (excess.isEmpty() || !held.writeLock().tryLock()) {
      return; // a backup is being made: after the next round, then
    }
    try {
      database.write("retiring checkpoints", handle -> RetentionRows.retire(handle, run, excess));
      Set<String> kept = new HashSet<>(database.read("listing checkpoints", RunRows::checkpoints));
      for (Retention.Kept row : excess) {
        if (!kept.contains(row.sha256())) { // the same bytes may have been made once more
          files.delete(row.sha256());
        }
      }
    } finally {
      held.writeLock().unlock();
    }
  }

  @Override
  public void rollBack(String run, int round) throws StoreException {
    Optional<String> sha256 =
        database.read("looking for the round", handle -> RunRows.kept(handle, run, round));
    if (sha256.isEmpty()) {
      List<Integer> rounds =
          database.read("listing rounds", handle -> RunRows.keptRounds(handle, run));
      throw new StoreException(
          rounds.isEmpty()
              ? "run %s: the data folder has no such run".formatted(run)
              : "run %s: it cannot be rolled back to round %d; the rounds with a model are %s"
                  .formatted(run, round, Words.ranges(rounds)),
          null);
    }
    files.read(sha256.get(), run, round); // a damaged one would only stop the run
    database.write("rolling back", handle -> RunRows.rollBack(handle, run, round));
  }

  @Override
  public int generation(String run) throws StoreException {
    return database.read(
        "reading the generation",
        handle -> RunRows.find(handle, run).map(RunRows.Known::generation).orElse(0));
  }

  @Override
  public List<CommittedRound> history(String run) throws StoreException {
    return database.read("listing rounds", handle -> RunRows.history(handle, run));
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
