package io.speedwell.jna;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The flat functions of {@code device.h}, one to one. Truth values are 0 or 1. */
interface NativeLibrary extends Library {

  /** The shared library, loaded once: from the class path, or from {@code jna.library.path}. */
  NativeLibrary INSTANCE = Native.load("speedwell_jna", NativeLibrary.class);

  interface Begin extends Callback {
    int invoke(Pointer task);
  }

  interface Slice extends Callback {
    int invoke(int hint);
  }

  interface Finish extends Callback {
    void invoke(int cause, Pointer result);
  }

  interface Event extends Callback {
    void invoke(int kind, int number, Pointer detail, int size);
  }

  interface MayTrain extends Callback {
    int invoke();
  }

  int spw_jna_device_size();

  int spw_jna_tensor_size();

  int spw_jna_client_size();

  void spw_jna_identity(
      Pointer device,
      Pointer id,
      long seed,
      int keepAliveMs,
      int backoffFirstMs,
      int backoffMostMs,
      int conditions);

  void spw_jna_buffers(
      Pointer device,
      Pointer frames,
      int frameSize,
      Pointer config,
      int configSize,
      Pointer metrics,
      int metricsSize,
      Pointer pipe,
      int pipeSize);

  void spw_jna_tensor(
      Pointer tensors,
      int index,
      Pointer name,
      Pointer data,
      int rank,
      int d0,
      int d1,
      int d2,
      int d3,
      int rule);

  void spw_jna_trainer(
      Pointer device,
      Pointer tensors,
      int count,
      int kinds,
      int numerics,
      Begin begin,
      Slice slice,
      Finish finish);

  int spw_jna_mlp_size();

  int spw_jna_mlp_parameters();

  Pointer spw_jna_mlp(
      Pointer device, Pointer mlp, Pointer features, Pointer labels, int count, Pointer order);

  void spw_jna_delta(Pointer device, Pointer base, int capacity);

  void spw_jna_hooks(Pointer device, Event event, MayTrain mayTrain);

  int spw_jna_start(Pointer device);

  long spw_jna_step(Pointer device, int nowMs, int slices);

  void spw_jna_stop(Pointer device);

  int spw_jna_model_valid(Pointer device);

  int spw_jna_connected(Pointer device);

  void spw_jna_reach(Pointer device, int reachable);

  void spw_jna_cut(Pointer device);

  int spw_jna_is_open(Pointer device);

  int spw_jna_put(Pointer device, byte[] bytes, int size);

  int spw_jna_take(Pointer device, byte[] bytes, int capacity);

  int spw_jna_waiting(Pointer device);

  int spw_jna_room(Pointer device);

  void spw_jna_task(Pointer task, long[] numbers);

  float spw_jna_config_f32(Pointer task, String key, float otherwise);

  int spw_jna_config_u32(Pointer task, String key, int otherwise);

  int spw_jna_config_bool(Pointer task, String key, int otherwise);

  int spw_jna_config_text(Pointer task, String key, byte[] bytes, int capacity);

  void spw_jna_result(
      Pointer result,
      int held,
      int used,
      int steps,
      float workNorm,
      float lossBefore,
      float lossAfter);

  int spw_jna_metric(Pointer result, int kind, String name, float value, float weight);
}
