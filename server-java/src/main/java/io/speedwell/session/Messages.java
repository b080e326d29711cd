package io.speedwell.session;

import com.google.protobuf.ByteString;
import io.speedwell.protocol.Accepted;
import io.speedwell.protocol.Bye;
import io.speedwell.protocol.Cancel;
import io.speedwell.protocol.Committed;
import io.speedwell.protocol.Grant;
import io.speedwell.protocol.KeepAlive;
import io.speedwell.protocol.Limits;
import io.speedwell.protocol.Reject;
import io.speedwell.protocol.RunOffer;
import io.speedwell.protocol.Task;
import io.speedwell.protocol.ToDevice;
import io.speedwell.protocol.Welcome;
import io.speedwell.protocol.WrapUp;

/** Builds the messages to a device. Pure functions. */
final class Messages {
  private static final ToDevice PING =
      ToDevice.newBuilder().setKeepAlive(KeepAlive.getDefaultInstance()).build();
  private static final ToDevice PONG =
      ToDevice.newBuilder().setKeepAlive(KeepAlive.newBuilder().setReply(true)).build();

  private Messages() {}

  static ToDevice welcome(long token, int keepAliveMs, int frameLimit) {
    return ToDevice.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setVersion(Limits.VERSION)
                .setToken(token)
                .setKeepAliveMs(keepAliveMs)
                .setFrameLimit(frameLimit))
        .build();
  }

  static ToDevice runOffer(int handle, RunTerms terms, int deviceKinds) {
    RunOffer.Builder offer =
        RunOffer.newBuilder()
            .setHandle(handle)
            .setRunId(terms.runId())
            .setParameterCount(terms.parameterCount())
            .setUpdateEncoding(terms.encodingNumber())
            .setKinds(terms.kinds() & deviceKinds)
            .setFeatures(terms.features())
            .setNumerics(terms.numerics());
    boolean encoded = terms.blobs().stream().anyMatch(blob -> blob.encoding() != 0);
    for (Blob blob : terms.blobs()) {
      offer.addBlobRole(blob.role()).addBlobLength(blob.length()).addBlobCrc(blob.crc());
      if (encoded) {
        offer.addBlobEncoding(blob.encoding());
      }
    }
    return ToDevice.newBuilder().setRunOffer(offer).build();
  }

  static ToDevice task(int handle, int runHandle, TaskOrder order) {
    Task.Builder task =
        Task.newBuilder()
            .setHandle(handle)
            .setRun(runHandle)
            .setRound(order.key().round())
            .setTask(order.key().task())
            .setKind(order.kind())
            .setSeed(order.seed())
            .setMaxEpochs(order.maxEpochs())
            .setMaxMs(order.maxMs())
            .setAttempt(order.key().attempt())
            .setMaxSteps(order.maxSteps())
            .setMaxExamples(order.maxExamples())
            .setSplit(order.split())
            .setPhase(order.phase());
    boolean encoded = order.blobs().stream().anyMatch(blob -> blob.encoding() != 0);
    for (Blob blob : order.blobs()) {
      task.addBlobRole(blob.role()).addBlobLength(blob.length()).addBlobCrc(blob.crc());
      if (encoded) {
        task.addBlobEncoding(blob.encoding());
      }
    }
    return ToDevice.newBuilder().setTask(task).build();
  }

  static ToDevice grant(int handle, int index, int offset, int length) {
    return ToDevice.newBuilder()
        .setGrant(
            Grant.newBuilder().setHandle(handle).setBlob(index).setOffset(offset).setLength(length))
        .build();
  }

  static ToDevice wrapUp(int handle, int withinMs) {
    return ToDevice.newBuilder()
        .setWrapUp(WrapUp.newBuilder().setHandle(handle).setWithinMs(withinMs))
        .build();
  }

  static ToDevice cancel(int handle, int reason) {
    return ToDevice.newBuilder()
        .setCancel(Cancel.newBuilder().setHandle(handle).setReason(reason))
        .build();
  }

  static ToDevice accepted(int handle, int updateId) {
    return ToDevice.newBuilder()
        .setAccepted(Accepted.newBuilder().setHandle(handle).setUpdateId(updateId))
        .build();
  }

  static ToDevice committed(int handle, int round) {
    return ToDevice.newBuilder()
        .setCommitted(Committed.newBuilder().setHandle(handle).setRound(round))
        .build();
  }

  static ToDevice keepAlive(boolean reply) {
    return reply ? PONG : PING;
  }

  static ToDevice reject(int message, int reason) {
    return ToDevice.newBuilder()
        .setReject(Reject.newBuilder().setMessage(message).setReason(reason))
        .build();
  }

  /** A goodbye; of a longer detail, the first 64 bytes that are whole characters. */
  static ToDevice bye(int reason, int retryAfterMs, String detail) {
    ByteString bytes = ByteString.copyFromUtf8(detail);
    int end = Math.min(bytes.size(), Limits.DETAIL_MAX);
    while (end < bytes.size() && (bytes.byteAt(end) & 0xC0) == 0x80) {
      end--;
    }
    return ToDevice.newBuilder()
        .setBye(
            Bye.newBuilder()
                .setReason(reason)
                .setRetryAfterMs(retryAfterMs)
                .setDetail(bytes.substring(0, end)))
        .build();
  }
}
