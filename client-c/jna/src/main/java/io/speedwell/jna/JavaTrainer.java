package io.speedwell.jna;

import com.sun.jna.Pointer;

/** A {@link DeviceTrainer} and the tensors it works on. */
public final class JavaTrainer extends BoundTrainer {
  private final DeviceModel model;
  private final DeviceTrainer trainer;
  private Object[] kept = {}; // what C points to and Java must not collect

  public JavaTrainer(DeviceModel model, DeviceTrainer trainer) {
    this.model = model;
    this.trainer = trainer;
  }

  @Override
  public float[] parameters() {
    return model.all();
  }

  @Override
  void attach(Pointer device, Guard guard) {
    NativeLibrary.Begin begin =
        task -> guard.call(0, () -> trainer.begin(new DeviceTask(task)) ? 1 : 0);
    NativeLibrary.Slice slice =
        hint ->
            guard.call(
                DeviceTrainer.Step.FAILED.ordinal(), () -> trainer.step(hint != 0).ordinal());
    NativeLibrary.Finish finish =
        (cause, result) ->
            guard.call(
                0,
                () -> {
                  trainer.finish(DeviceTrainer.Cause.values()[cause - 1], new DeviceResult(result));
                  return 0;
                });
    kept = new Object[] {begin, slice, finish};
    NativeLibrary.INSTANCE.spw_jna_trainer(
        device,
        model.table(),
        model.tensors().size(),
        trainer.kinds(),
        trainer.numerics(),
        begin,
        slice,
        finish);
  }
}
