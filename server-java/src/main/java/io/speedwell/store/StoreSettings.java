package io.speedwell.store;

/**
 * How a server keeps its data.
 *
 * @param database where the rows are
 * @param retention which checkpoints are kept
 */
public record StoreSettings(DatabaseUrl database, Retention retention) {
  /** The database in the data folder, every checkpoint. */
  public static final StoreSettings DEFAULTS =
      new StoreSettings(DatabaseUrl.EMBEDDED, Retention.ALL);
}
