package io.speedwell.jna;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of one device in native memory, where the C client reads and writes them. One thread
 * at a time; keep it reachable as long as the device lives.
 */
public final class DeviceModel {
  private final List<DeviceTensor> tensors;
  private final List<Memory> names = new ArrayList<>();
  private final List<Memory> values = new ArrayList<>();
  private final Memory table;

  public DeviceModel(List<DeviceTensor> tensors) {
    this.tensors = List.copyOf(tensors);
    this.table = new Memory((long) NativeLibrary.INSTANCE.spw_jna_tensor_size() * tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      DeviceTensor tensor = tensors.get(i);
      byte[] text = tensor.name().getBytes(StandardCharsets.UTF_8);
      Memory name = new Memory(text.length + 1L);
      name.write(0, text, 0, text.length);
      name.setByte(text.length, (byte) 0);
      Memory data = new Memory(4L * tensor.elements());
      data.clear();
      names.add(name);
      values.add(data);
      List<Integer> shape = tensor.shape();
      NativeLibrary.INSTANCE.spw_jna_tensor(
          table,
          i,
          name,
          data,
          shape.size(),
          dimension(shape, 0),
          dimension(shape, 1),
          dimension(shape, 2),
          dimension(shape, 3),
          tensor.rule());
    }
  }

  private static int dimension(List<Integer> shape, int index) {
    return index < shape.size() ? shape.get(index) : 0;
  }

  public List<DeviceTensor> tensors() {
    return tensors;
  }

  /** The values of one tensor, copied out. */
  public float[] get(int tensor) {
    return values.get(tensor).getFloatArray(0, tensors.get(tensor).elements());
  }

  /** Copies values into one tensor. */
  public void set(int tensor, float[] data) {
    if (data.length != tensors.get(tensor).elements()) {
      throw new IllegalArgumentException(
          tensors.get(tensor).name()
              + " has "
              + tensors.get(tensor).elements()
              + " elements, not "
              + data.length);
    }
    values.get(tensor).write(0, data, 0, data.length);
  }

  /** All values in order, copied out. */
  public float[] all() {
    float[] all = new float[tensors.stream().mapToInt(DeviceTensor::elements).sum()];
    int at = 0;
    for (int i = 0; i < tensors.size(); i++) {
      float[] part = get(i);
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  Pointer table() {
    return table;
  }
}
