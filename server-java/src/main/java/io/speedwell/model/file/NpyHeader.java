package io.speedwell.model.file;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The header of an npy file: magic, version, length, and a Python dictionary.
 *
 * @param type "descr", such as {@code <f4}
 * @param fortran whether elements stand in Fortran order
 * @param shape dimensions
 * @param bytes length of the whole header
 */
record NpyHeader(String type, boolean fortran, List<Long> shape, int bytes) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_DICTIONARY = 4_096;
  private static final int ALIGNMENT = 64;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{(?=.*'descr': '([^']{1,16})', )(?=.*'fortran_order': (True|False), )"
              + "(?=.*'shape': \\(([0-9, ]{0,400})\\), )"
              + "('descr': '[^']*', |'fortran_order': \\w+, |'shape': \\([0-9, ]*\\), ){3}\\} *\n");

  static NpyHeader read(Path file, String tensor, InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    byte[] start = new byte[8];
    int length;
    byte[] dictionary;
    try {
      data.readFully(start);
      for (int i = 0; i < MAGIC.length; i++) {
        if (start[i] != MAGIC[i]) {
          throw new ModelFileException(file, "tensor %s: no npy file", tensor);
        }
      }
      if (start[6] != 1 && start[6] != 2) {
        throw new ModelFileException(file, "tensor %s: npy version %d", tensor, start[6]);
      }
      length =
          start[6] == 1
              ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
              : Integer.reverseBytes(data.readInt());
      if (length < 0 || length > MAX_DICTIONARY) {
        throw new ModelFileException(file, "tensor %s: its header is too long", tensor);
      }
      dictionary = new byte[length];
      data.readFully(dictionary);
    } catch (EOFException e) {
      throw new ModelFileException(file, "tensor %s: ends inside its header", tensor);
    }
    Matcher matcher = DICTIONARY.matcher(new String(dictionary, StandardCharsets.ISO_8859_1));
    if (!matcher.matches()) {
      throw new ModelFileException(
          file, "tensor %s: its header is not the one npy files have", tensor);
    }
    int bytes = length + (start[6] == 1 ? 10 : 12);
    List<Long> shape = shape(file, tensor, matcher.group(3));
    return new NpyHeader(matcher.group(1), matcher.group(2).equals("True"), shape, bytes);
  }

  private static List<Long> shape(Path file, String tensor, String text) throws ModelFileException {
    List<Long> shape = new ArrayList<>();
    for (String dimension : text.split(",")) {
      if (dimension.isBlank()) {
        continue; // "(3,)" and "()"
      }
      if (!dimension.strip().matches("\\d{1,15}")) {
        throw new ModelFileException(file, "tensor %s: shape (%s)", tensor, text);
      }
      shape.add(Long.parseLong(dimension.strip()));
    }
    return shape;
  }

  /** The header for f32 values in C order, as NumPy writes it. */
  static byte[] write(List<Integer> shape) {
    String dimensions = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(dimensions, shape.size() == 1 ? "," : "");
    int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
    int padding = -unpadded & (ALIGNMENT - 1);
    int length = dictionary.length() + padding + 1;
    String text = "\u0093NUMPY\1\0" + (char) (length & 0xff) + (char) (length >> 8);
    text += dictionary + " ".repeat(padding) + "\n";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
