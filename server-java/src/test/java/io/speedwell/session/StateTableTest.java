package io.speedwell.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.speedwell.protocol.Bye;
import io.speedwell.protocol.ByeReason;
import io.speedwell.protocol.CancelReason;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Refuse;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.RunReady;
import io.speedwell.protocol.TaskKind;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.ToServer;
import io.speedwell.session.StateTable.Event;
import io.speedwell.session.StateTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The server's state tables (PROTOCOL.md, section 10): every message in every state. The names of
 * states and messages are held against the document. That the state after a message is the one that
 * the table names is seen by what every message then leads to.
 */
class StateTableTest {
  private static final Path DOCUMENT = Path.of("../protocol/PROTOCOL.md");

  /** A session, and the device's end of it: it knows the handles it was given. */
  private static final class Device extends SessionFixture {
    private static final int UPDATE = 6; // id
    private static final int NEVER_GIVEN = 40;
    private static final byte[] VALUES = update(1, 2.5f, 3);

    private int runHandle = 1;
    private int handle = 1; // given last
    private int over;
    private int sent; // bytes of the update

    Device(Row row) {
      if (row == Row.GREETING) {
        return;
      }
      hear(message().setHello(hello()));
      if (row == Row.ASKING) {
        return;
      }
      on(new SessionEvent.Admit(3));
      give(TaskKind.TASK_KIND_TRAIN_VALUE);
      on(new SessionEvent.Cancel(KEY, CancelReason.CANCEL_ROUND_OVER_VALUE));
      over = handle;
      switch (row) {
        case PROBED -> on(new SessionEvent.Probe());
        case RUN_OFFERED -> offer(TaskKind.TASK_KIND_TRAIN_VALUE);
        case GIVEN -> give(TaskKind.TASK_KIND_TRAIN_VALUE);
        case GIVEN_TO_EVALUATE -> give(TaskKind.TASK_KIND_EVALUATE_VALUE);
        case RESERVING, UPLOADING, ACCEPTED -> upload(row);
        case CLOSING -> on(new SessionEvent.Bye(ByeReason.BYE_SHUTDOWN_VALUE, 0, ""));
        case CLOSED -> on(new SessionEvent.Closed());
        default -> {} // idle
      }
    }

    private void offer(int kind) {
      note(on(new SessionEvent.Assign(order(kind), Resume.NOTHING)));
    }

    private void give(int kind) {
      offer(kind);
      note(happen(Event.RUN_READY));
    }

    private void upload(Row row) {
      give(TaskKind.TASK_KIND_TRAIN_VALUE);
      List<SessionAction> asked = happen(Event.RESULT);
      if (row != Row.RESERVING) {
        on(reserve(asked));
      }
      if (row == Row.ACCEPTED) {
        happen(Event.CHUNK_LAST);
      }
    }

    private void note(List<SessionAction> actions) {
      for (ToDevice message : sent(actions)) {
        if (message.hasRunOffer()) {
          runHandle = message.getRunOffer().getHandle();
          handle = runHandle;
        } else if (message.hasTask()) {
          handle = message.getTask().getHandle();
        }
      }
    }

    /** Lets it happen; what the session answers, as a row's letter. */
    char answer(Event event) {
      boolean sent = event != Event.GRANT && session.wantsToSend(); // a grant may be given again
      List<SessionAction> actions = happen(event);
      note(actions);
      boolean sends = session.wantsToSend() && !sent;
      return letter(actions, sends);
    }

    private static char letter(List<SessionAction> actions, boolean sends) {
      List<ToDevice> messages = sent(actions);
      assertThat(messages).hasSizeLessThanOrEqualTo(1);
      if (messages.size() == 1) {
        return letter(messages.get(0));
      }
      for (SessionAction action : actions) {
        if (action instanceof SessionAction.Reserve) {
          return 'R';
        } else if (action instanceof SessionAction.Close close) {
          return close.atOnce() ? 'C' : 'c';
        } else if (action instanceof SessionAction.Publish publish) {
          if (publish.event() instanceof FleetEvent.Arrived) {
            return 'Q';
          } else if (publish.event() instanceof FleetEvent.Refused) {
            return 'F';
          }
        }
      }
      return sends ? 'D' : '-';
    }

    private static char letter(ToDevice message) {
      return switch (message.getMessageCase()) {
        case TASK -> 'T';
        case GRANT -> 'G';
        case KEEP_ALIVE -> message.getKeepAlive().getReply() ? 'K' : '?';
        case REJECT -> 'J';
        case CANCEL -> 'X';
        case ACCEPTED -> 'A';
        case BYE ->
            switch (message.getBye().getReason()) {
              case ByeReason.BYE_PROTOCOL_VALUE -> 'B';
              case ByeReason.BYE_MALFORMED_VALUE -> 'M';
              case ByeReason.BYE_SILENT_VALUE -> 'S';
              default -> '?';
            };
        default -> '?';
      };
    }

    private List<SessionAction> happen(Event event) {
      return switch (event) {
        case HELLO -> hear(message().setHello(hello()));
        case HELLO_UNFIT -> hear(message().setHello(hello().setFrameLimit(0)));
        case RUN_READY -> hear(runReady(runHandle));
        case REFUSE -> hear(refuse(handle));
        case REFUSE_RUN -> hear(refuse(runHandle));
        case GRANT -> hear(grant(handle));
        case CHUNK -> {
          List<SessionAction> actions =
              hear(chunk(handle, sent, Arrays.copyOfRange(VALUES, sent, sent + 4)));
          sent += 4;
          yield actions;
        }
        case CHUNK_LAST -> hear(chunk(handle, sent, Arrays.copyOfRange(VALUES, sent, 12)));
        case CHUNK_WRONG -> hear(chunk(handle, sent, wrong()));
        case CHUNK_AWAY -> hear(chunk(handle, sent + 4, new byte[4]));
        case RESULT -> hear(result(handle));
        case RESULT_BARE ->
            hear(
                message()
                    .setResult(
                        result(UPDATE, VALUES)
                            .setHandle(handle)
                            .clearBlobRole()
                            .clearBlobLength()
                            .clearBlobCrc()));
        case RESULT_WRONG ->
            hear(message().setResult(result(UPDATE, VALUES).setHandle(handle).addBlobCrc(1)));
        case ASKS -> hear(message().setKeepAlive(KeepAlive.getDefaultInstance()));
        case ANSWERS -> hear(message().setKeepAlive(KeepAlive.newBuilder().setReply(true)));
        case REJECT -> hear(message().setReject(Reject.newBuilder().setMessage(5)));
        case BYE -> hear(message().setBye(Bye.getDefaultInstance()));
        case UNKNOWN -> on(new SessionEvent.UnknownMessage(99));
        case MALFORMED -> on(new SessionEvent.Malformed("varint"));
        case RUN_READY_OVER -> hear(runReady(over));
        case REFUSE_OVER -> hear(refuse(over));
        case GRANT_OVER -> hear(grant(over));
        case CHUNK_OVER -> hear(chunk(over, 0, VALUES));
        case RESULT_OVER -> hear(result(over));
        case RUN_READY_NEVER -> hear(runReady(NEVER_GIVEN));
        case REFUSE_NEVER -> hear(refuse(NEVER_GIVEN));
        case GRANT_NEVER -> hear(grant(NEVER_GIVEN));
        case CHUNK_NEVER -> hear(chunk(NEVER_GIVEN, 0, VALUES));
        case RESULT_NEVER -> hear(result(NEVER_GIVEN));
        case FIVE_SECONDS -> {
          now = 5_000;
          yield on(new SessionEvent.Tick());
        }
      };
    }

    private byte[] wrong() {
      return Arrays.copyOfRange(update(Float.NaN, Float.NaN, Float.NaN), sent, 12);
    }

    private static ToServer.Builder runReady(int handle) {
      return message().setRunReady(RunReady.newBuilder().setRun(handle));
    }

    private static ToServer.Builder refuse(int handle) {
      return message().setRefuse(Refuse.newBuilder().setHandle(handle).setReason(1));
    }

    private static ToServer.Builder grant(int handle) {
      return message().setGrant(Grant.newBuilder().setHandle(handle).setLength(12));
    }

    private static ToServer.Builder result(int handle) {
      return message().setResult(result(UPDATE, VALUES).setHandle(handle));
    }
  }

  @ParameterizedTest
  @EnumSource(Row.class)
  void everyMessageInEveryState(Row row) {
    assertThat(row.cells).hasSize(Event.values().length);
    for (Event event : Event.values()) {
      assertThat(new Device(row).answer(event))
          .as("%s: %s", row, event)
          .isEqualTo(row.answer(event));
    }
  }

  @ParameterizedTest
  @EnumSource(Row.class)
  void theNextStateIsTheOneOfTheTable(Row row) {
    for (Event first : Event.values()) {
      Row next = row.next(first);
      for (Event second : Event.values()) {
        if (first != Event.FIVE_SECONDS || second != Event.FIVE_SECONDS) { // the time is the same
          Device device = new Device(row);
          device.answer(first);
          assertThat(device.answer(second))
              .as("%s: %s, then in %s: %s", row, first, next, second)
              .isEqualTo(next.answer(second));
        }
      }
    }
  }

  @Test
  void statesAndMessagesAreThoseOfTheDocument() throws IOException {
    Set<String> ofSession = new TreeSet<>(Set.of("closed")); // named as what follows
    Set<String> ofTask = new TreeSet<>();
    Set<String> messages = new TreeSet<>(Set.of("5 s over", "KeepAlive{true}"));
    String section = Files.readString(DOCUMENT).split("\n## 10\\.")[1].split("\n## 11\\.")[0];
    for (String part : section.split("\n### ")) {
      if (part.startsWith("Server: ")) {
        Set<String> states = part.startsWith("Server: session") ? ofSession : ofTask;
        part.lines()
            .filter(line -> line.matches("\\|(?!---| state ).*"))
            .forEach(
                line -> {
                  String[] cells = line.split("\\|");
                  addStates(states, cells[1].strip());
                  addMessages(messages, cells[2]);
                });
      }
    }
    String general = section.split("\n### ")[0];
    addMessages(messages, general.substring(general.indexOf("malformed bytes")));
    messages.addAll(Set.of("malformed bytes", "unknown message"));
    messages.removeIf(name -> name.startsWith("Bye{"));
    assertThat(names(row -> Stream.of(row.session))).isEqualTo(ofSession);
    assertThat(names(row -> Stream.of(row.task).filter(name -> !name.isEmpty()))).isEqualTo(ofTask);
    assertThat(Arrays.stream(Event.values()).map(event -> event.name).collect(Collectors.toSet()))
        .isEqualTo(messages);
  }

  private static Set<String> names(Function<Row, Stream<String>> of) {
    return Arrays.stream(Row.values()).flatMap(of).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void addStates(Set<String> states, String cell) {
    if (cell.equals("open, probed")) {
      states.add(cell);
    } else if (!cell.isEmpty() && !cell.equals("any") && !cell.equals("all but idle")) {
      states.addAll(List.of(cell.split(", ")));
    }
  }

  private static void addMessages(Set<String> messages, String cell) {
    Matcher name = Pattern.compile("`([A-Z][A-Za-z]*(\\{[a-zA-Z_]+})?)`").matcher(cell);
    while (name.find()) {
      messages.add(name.group(1));
    }
  }
}
