package io.speedwell.model.file;

import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes npz archives: stored, f32, C order, in the layout's order, local tensors left out. All
 * entries carry the same fixed time, so the same model gives the same bytes.
 */
public final class NpzWriter {
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private NpzWriter() {}

  /** Writes a model. */
  public static void write(OutputStream out, Parameters parameters) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (int i = 0; i < parameters.layout().tensors().size(); i++) {
      Tensor tensor = parameters.layout().tensors().get(i);
      if (tensor.rule().inParameters()) {
        tensor(zip, tensor, parameters.values(), parameters.layout().parameterOffset(i));
      }
    }
    zip.finish();
  }

  private static void tensor(ZipOutputStream zip, Tensor tensor, float[] values, int from)
      throws IOException {
    byte[] header = NpyHeader.write(tensor.shape());
    // a stored entry says its checksum before its data
    CheckedOutputStream check =
        new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    check.write(header);
    SafeTensorsWriter.floats(check, values, from, tensor.elements());
    ZipEntry entry = new ZipEntry(tensor.name() + ".npy");
    entry.setTimeLocal(TIME);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(header.length + 4L * tensor.elements());
    entry.setCrc(check.getChecksum().getValue());
    zip.putNextEntry(entry);
    zip.write(header);
    SafeTensorsWriter.floats(zip, values, from, tensor.elements());
    zip.closeEntry();
  }
}
