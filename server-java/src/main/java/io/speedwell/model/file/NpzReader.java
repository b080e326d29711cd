package io.speedwell.model.file;

import io.speedwell.model.Layout;
import io.speedwell.model.Parameters;
import io.speedwell.model.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads npz archives: npy files in a zip, stored or deflated; f32 in C order is what models are.
 */
final class NpzReader {
  private static final String SUFFIX = ".npy";
  private static final String F32 = "<f4";

  private NpzReader() {}

  static List<TensorHeader> headers(Path file) throws IOException {
    try (ZipFile zip = open(file)) {
      return headers(file, zip);
    }
  }

  static Parameters load(Path file, Layout layout) throws IOException {
    try (ZipFile zip = open(file)) {
      List<TensorHeader> headers = headers(file, zip);
      ModelFiles.refuseOthers(file, headers, layout);
      float[] values = new float[layout.parameterCount()];
      for (int i = 0; i < layout.tensors().size(); i++) {
        Tensor tensor = layout.tensors().get(i);
        if (tensor.rule().inParameters()) {
          TensorHeader header = ModelFiles.find(file, headers, tensor, F32);
          values(file, zip, header, values, layout.parameterOffset(i), tensor.elements());
        }
      }
      return Parameters.of(layout, values);
    } catch (ZipException e) {
      throw new ModelFileException(file, "damaged archive: %s", e.getMessage());
    }
  }

  private static ZipFile open(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile());
    } catch (ZipException | EOFException e) {
      throw new ModelFileException(file, "no npz archive: %s", e.getMessage());
    }
  }

  private static List<TensorHeader> headers(Path file, ZipFile zip) throws IOException {
    List<TensorHeader> headers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (!entry.getName().endsWith(SUFFIX)) {
        throw new ModelFileException(file, "%s is no npy file", entry.getName());
      }
      String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
      if (!names.add(name)) {
        throw new ModelFileException(file, "tensor %s: the name occurs twice", name);
      }
      try (InputStream in = zip.getInputStream(entry)) {
        NpyHeader header = NpyHeader.read(file, name, in);
        if (header.fortran() && header.shape().size() > 1) {
          throw new ModelFileException(file, "tensor %s: Fortran order; save it in C order", name);
        }
        long bytes = Math.max(0, entry.getSize() - header.bytes());
        long needed = ModelFiles.f32Bytes(header.shape());
        if (header.type().equals(F32) && (needed < 0 || bytes < needed)) {
          throw new ModelFileException(file, "tensor %s: its data ends too early", name);
        }
        headers.add(new TensorHeader(name, header.type(), header.shape(), header.bytes(), bytes));
      } catch (ZipException | EOFException e) {
        throw new ModelFileException(file, "tensor %s: damaged archive: %s", name, e.getMessage());
      }
    }
    return headers;
  }

  private static void values(
      Path file, ZipFile zip, TensorHeader header, float[] values, int from, int count)
      throws IOException {
    ZipEntry entry = zip.getEntry(header.name() + SUFFIX);
    // ZipFile itself compares no checksums
    var checked = new CheckedInputStream(zip.getInputStream(entry), new CRC32());
    try (InputStream in = new BufferedInputStream(checked)) {
      in.skipNBytes(header.position());
      FloatInput.read(Channels.newChannel(in), values, from, count);
      if (in.read() >= 0) {
        throw new ModelFileException(
            file, "tensor %s: more data than its shape has", header.name());
      }
      if (checked.getChecksum().getValue() != entry.getCrc()) {
        throw new ModelFileException(
            file, "tensor %s: damaged archive: its checksum does not match", header.name());
      }
    } catch (EOFException e) {
      throw new ModelFileException(file, "tensor %s: its data ends too early", header.name());
    }
  }
}
