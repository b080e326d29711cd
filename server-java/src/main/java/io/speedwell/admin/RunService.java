package io.speedwell.admin;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.speedwell.run.Coordinator;
import io.speedwell.run.Evaluation;
import io.speedwell.run.RoundSummary;
import io.speedwell.run.RunAnswer;
import io.speedwell.run.RunSpec;
import io.speedwell.run.RunStatus;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import io.speedwell.run.Wish;
import io.speedwell.run.plan.PlanException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs over HTTP. Thread-safe; what may block runs on the request's blocking executor. */
final class RunService {
  private final Coordinator coordinator;
  private final RunStore store;
  private final PlanIntake plans;
  private final Object ordering = new Object(); // one order at a time, and one roll back

  RunService(Coordinator coordinator, RunStore store, PlanIntake plans) {
    this.coordinator = coordinator;
    this.store = store;
    this.plans = plans;
  }

  /** All runs: those that were started, then those the store knows besides. */
  HttpResponse list(ServiceRequestContext context, HttpRequest request) {
    return Blocking.reply(
        context,
        () -> {
          List<RunStatus> started = started();
          List<Views.Run> views = new ArrayList<>(started.stream().map(Views::run).toList());
          Set<String> names = started.stream().map(RunStatus::name).collect(Collectors.toSet());
          for (String name : store.names()) {
            if (!names.contains(name)) {
              views.add(stored(name));
            }
          }
          return Replies.json(HttpStatus.OK, new Views.Runs(views));
        });
  }

  HttpResponse get(ServiceRequestContext context, HttpRequest request) {
    String name = context.pathParam("run");
    return Blocking.reply(context, () -> Replies.json(HttpStatus.OK, view(name)));
  }

  /** Takes a plan and starts its run. */
  HttpResponse start(ServiceRequestContext context, HttpRequest request) {
    CompletableFuture<HttpResponse> reply =
        request.aggregate().thenApplyAsync(body -> start(body), context.blockingTaskExecutor());
    return HttpResponse.of(reply);
  }

  private HttpResponse start(AggregatedHttpRequest body) {
    return Blocking.answer(
        () -> {
          RunSpec spec;
          try {
            spec = plans.ready(body.contentUtf8());
          } catch (PlanException e) {
            throw new AdminException(HttpStatus.BAD_REQUEST, e.getMessage());
          } catch (StoreException e) {
            throw new AdminException(HttpStatus.CONFLICT, e.getMessage());
          } catch (IOException e) {
            throw new AdminException(HttpStatus.UNPROCESSABLE_ENTITY, e.getMessage());
          }
          synchronized (ordering) {
            RunAnswer answer = ask(heard -> coordinator.start(spec, Wish.GO, heard));
            return reply(HttpStatus.CREATED, answer, Wish.GO);
          }
        });
  }

  HttpResponse pause(ServiceRequestContext context, HttpRequest request) {
    return order(context, Wish.PAUSE, coordinator::pause);
  }

  HttpResponse stop(ServiceRequestContext context, HttpRequest request) {
    return order(context, Wish.STOP, coordinator::stop);
  }

  HttpResponse resume(ServiceRequestContext context, HttpRequest request) {
    return order(context, Wish.GO, (run, now, answer) -> coordinator.resume(run, answer));
  }

  /** The committed rounds, oldest first, each with what evaluators measured. */
  HttpResponse rounds(ServiceRequestContext context, HttpRequest request) {
    String name = context.pathParam("run");
    int after = Queries.number(context, "after", 0);
    return Blocking.reply(
        context,
        () -> {
          view(name); // or there is no such run
          Map<Integer, Evaluation> evaluations =
              store.evaluations(name).stream()
                  .collect(Collectors.toMap(Evaluation::round, Function.identity()));
          List<Views.Round> rounds =
              store.rounds(name).stream()
                  .filter(round -> round.round() > after)
                  .map(round -> Views.round(round, evaluations.get(round.round())))
                  .toList();
          return Replies.json(HttpStatus.OK, new Views.Rounds(name, rounds));
        });
  }

  /** Every committed round there ever was, those before a roll back included. */
  HttpResponse history(ServiceRequestContext context, HttpRequest request) {
    String name = context.pathParam("run");
    return Blocking.reply(
        context,
        () -> {
          view(name); // or there is no such run
          return Replies.json(HttpStatus.OK, History.of(name, store.history(name)));
        });
  }

  /** Makes an earlier round of a run that is over its newest again. */
  HttpResponse rollBack(ServiceRequestContext context, HttpRequest request) {
    String name = context.pathParam("run");
    int round = Queries.number(context, "round", -1);
    if (round < 0) {
      throw new AdminException(
          HttpStatus.BAD_REQUEST, "round: which one is to be the newest again?");
    }
    return Blocking.reply(
        context,
        () -> {
          synchronized (ordering) {
            view(name); // or there is no such run
            if (started().stream()
                .anyMatch(run -> run.name().equals(name) && !run.state().over())) {
              throw new AdminException(
                  HttpStatus.CONFLICT, "run " + name + ": it goes on; stop it first");
            }
            try {
              store.rollBack(name, round);
            } catch (StoreException e) {
              throw new AdminException(HttpStatus.CONFLICT, e.getMessage());
            }
            return Replies.json(HttpStatus.OK, stored(name));
          }
        });
  }

  // ---- how

  @FunctionalInterface
  private interface Order {
    void give(String run, boolean now, Consumer<RunAnswer> answer);
  }

  private HttpResponse order(ServiceRequestContext context, Wish wish, Order order) {
    String name = context.pathParam("run");
    boolean now = Queries.flag(context, "now");
    return Blocking.reply(
        context,
        () -> {
          synchronized (ordering) {
            RunAnswer answer = ask(heard -> order.give(name, now, heard));
            if (answer instanceof RunAnswer.Unknown) {
              view(name); // or there is no such run at all
              throw new AdminException(
                  HttpStatus.CONFLICT, "run " + name + ": it is not started on this server");
            }
            return reply(HttpStatus.OK, answer, wish);
          }
        });
  }

  /** What was done is written down before it is said to be, so that a restart keeps to it. */
  private HttpResponse reply(HttpStatus status, RunAnswer answer, Wish wish) throws StoreException {
    if (answer instanceof RunAnswer.Done done) {
      plans.wanted(done.status().name(), wish);
      return Replies.json(status, Views.run(done.status()));
    }
    throw new AdminException(HttpStatus.CONFLICT, ((RunAnswer.Refused) answer).why());
  }

  private Views.Run view(String name) throws StoreException {
    Optional<RunStatus> started =
        started().stream().filter(run -> run.name().equals(name)).findAny();
    if (started.isPresent()) {
      return Views.run(started.get());
    }
    if (!store.names().contains(name)) {
      throw new AdminException(HttpStatus.NOT_FOUND, "run " + name + ": there is none");
    }
    return stored(name);
  }

  private Views.Run stored(String name) throws StoreException {
    List<RoundSummary> rounds = store.rounds(name);
    return Views.stored(name, rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).round());
  }

  private List<RunStatus> started() {
    return ask(coordinator::runs);
  }

  /** Waits for the coordinator's answer; the mailbox is never blocked, so it comes soon. */
  private static <T> T ask(Consumer<Consumer<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    question.accept(answer::complete);
    return answer.join();
  }
}
