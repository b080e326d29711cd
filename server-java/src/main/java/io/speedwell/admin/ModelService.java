package io.speedwell.admin;

import com.linecorp.armeria.common.ContentDisposition;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.speedwell.model.Parameters;
import io.speedwell.model.file.NpzWriter;
import io.speedwell.model.file.SafeTensorsWriter;
import io.speedwell.run.Checkpoint;
import io.speedwell.run.RunStore;
import io.speedwell.run.StoreException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models of committed rounds as files. Thread-safe; a download takes a blocking thread. */
final class ModelService {
  private static final Logger LOG = LoggerFactory.getLogger(ModelService.class);
  private static final int PIECE = 1 << 18; // bytes on their way to one reader at a time

  private enum Format {
    safetensors,
    npz
  }

  private final RunStore store;

  ModelService(RunStore store) {
    this.store = store;
  }

  HttpResponse get(ServiceRequestContext context, HttpRequest request) {
    String run = context.pathParam("run");
    int round = Queries.number(context, "round", -1);
    Format format = format(Queries.text(context, "format", Format.safetensors.name()));
    context.clearRequestTimeout(); // as long as the reader takes; a dead one is found by TCP
    HttpResponseWriter response = HttpResponse.streaming();
    context.blockingTaskExecutor().execute(() -> send(response, run, round, format));
    return response;
  }

  private void send(HttpResponseWriter response, String run, int round, Format format) {
    try {
      Optional<Checkpoint> found = round < 0 ? store.latest(run) : store.checkpoint(run, round);
      if (found.isEmpty()) {
        fail(
            response,
            HttpStatus.NOT_FOUND,
            round < 0
                ? "run " + run + ": there is none"
                : "run %s: there is no model of round %d".formatted(run, round));
        return;
      }
      send(response, found.get(), format);
    } catch (StoreException e) {
      fail(response, HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    } catch (IOException e) {
      LOG.debug("a download of run {} broke off: {}", run, e.getMessage());
      response.close(e);
    }
  }

  private static void send(HttpResponseWriter response, Checkpoint checkpoint, Format format)
      throws IOException {
    String file = "%s-%d.%s".formatted(checkpoint.run(), checkpoint.round(), format);
    response.write(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.OCTET_STREAM)
            .contentDisposition(ContentDisposition.builder("attachment").filename(file).build())
            .set("speedwell-round", Integer.toString(checkpoint.round()))
            .build());
    Parameters parameters = checkpoint.parameters();
    try (OutputStream out = new BufferedOutputStream(new Body(response), PIECE)) {
      switch (format) {
        case safetensors -> SafeTensorsWriter.write(out, parameters);
        case npz -> NpzWriter.write(out, parameters);
      }
    }
    response.close();
  }

  private static void fail(HttpResponseWriter response, HttpStatus status, String why) {
    response.write(ResponseHeaders.of(status, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON_UTF_8));
    response.write(HttpData.ofUtf8(Replies.text(Map.of("error", why))));
    response.close();
  }

  private static Format format(String name) {
    for (Format format : Format.values()) {
      if (format.name().equals(name)) {
        return format;
      }
    }
    throw new AdminException(
        HttpStatus.BAD_REQUEST, "format=%s: safetensors or npz is wanted".formatted(name));
  }

  /** Hands pieces to the response, each when the reader has taken the one before. */
  private static final class Body extends OutputStream {
    private final HttpResponseWriter response;

    Body(HttpResponseWriter response) {
      this.response = response;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (!response.tryWrite(HttpData.copyOf(bytes, from, length))) {
        throw new IOException("the reader is gone");
      }
      try {
        response.whenConsumed().join();
      } catch (CompletionException e) {
        throw new IOException("the reader is gone", e);
      }
    }
  }
}
