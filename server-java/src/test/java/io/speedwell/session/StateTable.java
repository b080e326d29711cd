package io.speedwell.session;

import java.util.Arrays;

/** The server's state tables (PROTOCOL.md, section 10), for every message. */
final class StateTable {
  private StateTable() {}

  /** The columns. Whom a message is about: the newest handle given, unless it says otherwise. */
  enum Event {
    HELLO("Hello"),
    HELLO_UNFIT("Hello"),
    RUN_READY("RunReady"),
    REFUSE("Refuse"),
    REFUSE_RUN("Refuse"),
    GRANT("Grant"),
    CHUNK("Chunk"),
    CHUNK_LAST("Chunk"),
    CHUNK_WRONG("Chunk"),
    CHUNK_AWAY("Chunk"),
    RESULT("Result"),
    RESULT_BARE("Result"),
    RESULT_WRONG("Result"),
    ASKS("KeepAlive{false}"),
    ANSWERS("KeepAlive{true}"),
    REJECT("Reject"),
    BYE("Bye"),
    UNKNOWN("unknown message"),
    MALFORMED("malformed bytes"),
    RUN_READY_OVER("RunReady"),
    REFUSE_OVER("Refuse"),
    GRANT_OVER("Grant"),
    CHUNK_OVER("Chunk"),
    RESULT_OVER("Result"),
    RUN_READY_NEVER("RunReady"),
    REFUSE_NEVER("Refuse"),
    GRANT_NEVER("Grant"),
    CHUNK_NEVER("Chunk"),
    RESULT_NEVER("Result"),
    FIVE_SECONDS("5 s over");

    final String name; // in the document

    Event(String name) {
      this.name = name;
    }
  }

  /**
   * The rows. Two characters for each event: the answer (A Accepted, B Bye{BYE_PROTOCOL}, C closes
   * at once, D begins to send chunks, F another device is found, G Grant, J Reject, K
   * KeepAlive{true}, M Bye{BYE_MALFORMED}, Q asks the fleet, R asks for memory, S Bye{BYE_SILENT},
   * T Task, X Cancel, c closes without a word, - none) and the next state.
   */
  enum Row {
    //                      H  h  Y  N  Nr G  C  Cl Cw Ca U  Ub Uw K? K! Re By un ma
    //                      Yo No Go Co Uo Yn Nn Gn Cn Un 5s
    GREETING(
        'g',
        "greeting",
        "",
        "Qa Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl cl Bl Ml",
        "Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl -g"),
    ASKING(
        'a',
        "asking",
        "",
        "Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl cl Bl Ml",
        "Bl Bl Bl Bl Bl Bl Bl Bl Bl Bl -a"),
    IDLE(
        'i',
        "open",
        "idle",
        "Bl Bl -i -i -i -i -i -i -i -i Xi Xi Xi Ki -i -i cl Ji Ml",
        "-i -i -i -i Xi Ji Ji Ji -i Ji -i"),
    PROBED(
        'p',
        "open, probed",
        "idle",
        "Bl Bl -i -i -i -i -i -i -i -i Xi Xi Xi Ki -i -i cl Ji Ml",
        "-i -i -i -i Xi Ji Ji Ji -i Ji Sl"),
    RUN_OFFERED(
        'o',
        "open",
        "run-offered",
        "Bl Bl Tn Fi Fi Do -o -o -o -o Xo Xo Xo Ko -o -o cl Jo Ml",
        "-o -o -o -o Xo Jo Jo Jo -o Jo -o"),
    GIVEN(
        'n',
        "open",
        "given",
        "Bl Bl -n Fi Fi Dn Bl Bl Bl Bl Rr Xi Xi Kn -n -n cl Jn Ml",
        "-n -n -n -n Xn Jn Jn Jn -n Jn -n"),
    GIVEN_TO_EVALUATE(
        'e',
        "open",
        "given",
        "Bl Bl -e Fi Fi De Bl Bl Bl Bl Xi Ac Xi Ke -e -e cl Je Ml",
        "-e -e -e -e Xe Je Je Je -e Je -e"),
    RESERVING(
        'r',
        "open",
        "reserving",
        "Bl Bl -r Fi Fi Dr Bl Bl Bl Bl Bl Bl Bl Kr -r -r cl Jr Ml",
        "-r -r -r -r Xr Jr Jr Jr -r Jr -r"),
    UPLOADING(
        'u',
        "open",
        "uploading",
        "Bl Bl -u Fi Fi Du -u Ac Xi Bl Bl Bl Bl Ku -u -u cl Ju Ml",
        "-u -u -u -u Xu Ju Ju Ju -u Ju -u"),
    ACCEPTED(
        'c',
        "open",
        "accepted",
        "Bl Bl -c Fi Fi Dc Bl Bl Bl Bl Ac Ac Ac Kc -c -c cl Jc Ml",
        "-c -c -c -c Xc Jc Jc Jc -c Jc -c"),
    CLOSING(
        'l',
        "closing",
        "",
        "-l -l -l -l -l -l -l -l -l -l -l -l -l -l -l -l -l -l -l",
        "-l -l -l -l -l -l -l -l -l -l Cz"),
    CLOSED(
        'z',
        "closed",
        "",
        "-z -z -z -z -z -z -z -z -z -z -z -z -z -z -z -z -z -z -z",
        "-z -z -z -z -z -z -z -z -z -z -z");

    private final char letter;
    final String session; // its states, as the document names them
    final String task; // empty: there can be none
    final String[] cells;

    Row(char letter, String session, String task, String first, String second) {
      this.letter = letter;
      this.session = session;
      this.task = task;
      this.cells = (first + " " + second).split(" ");
    }

    char answer(Event event) {
      return cells[event.ordinal()].charAt(0);
    }

    Row next(Event event) {
      char wanted = cells[event.ordinal()].charAt(1);
      return Arrays.stream(values()).filter(row -> row.letter == wanted).findAny().orElseThrow();
    }
  }
}
