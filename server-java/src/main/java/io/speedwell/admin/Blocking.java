package io.speedwell.admin;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.speedwell.run.StoreException;
import java.util.concurrent.CompletableFuture;

/** Answers that take their time, made away from the event loops. Pure functions. */
final class Blocking {
  private Blocking() {}

  /** Makes an answer; what it throws becomes one as well. */
  @FunctionalInterface
  interface Work {
    HttpResponse run() throws StoreException;
  }

  /** On the request's blocking executor. */
  static HttpResponse reply(ServiceRequestContext context, Work work) {
    return HttpResponse.of(
        CompletableFuture.supplyAsync(() -> answer(work), context.blockingTaskExecutor()));
  }

  /** On this thread. */
  static HttpResponse answer(Work work) {
    try {
      return work.run();
    } catch (AdminException e) {
      return Replies.error(e.status(), e.getMessage());
    } catch (StoreException e) {
      return Replies.error(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }
  }
}
