package io.speedwell.cli;

/** What the process ends with; documented for users in docs/cli.md. */
public final class ExitCodes {
  public static final int OK = 0;

  /** A defect or an unforeseen failure of the machine; a stack trace is printed. */
  public static final int INTERNAL = 1;

  /** Unknown command or option, a value out of range. */
  public static final int USAGE = 2;

  /** A tool or program that is needed is missing. */
  public static final int MISSING = 3;

  /** A plan, model or data file is missing or wrong. */
  public static final int BAD_INPUT = 4;

  /** The address cannot be listened on: port in use, no such address, plaintext refused. */
  public static final int ADDRESS = 5;

  /** The data folder cannot be used: not writable, in use, damaged. */
  public static final int DATA_FOLDER = 6;

  /** The run ended without what was asked for, such as a demo whose devices died. */
  public static final int RUN_FAILED = 7;

  /** No server answers on the data folder's admin port, or it went away. */
  public static final int NO_SERVER = 8;

  /** The server will not do what was asked; it says why. */
  public static final int REFUSED = 9;

  /** The machine, or the heap, is not enough: {@code doctor} or a server's start found so. */
  public static final int UNFIT = 10;

  private ExitCodes() {}
}
