package io.speedwell.model.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, read strictly: nothing twice, nothing unknown. */
record SafeTensorsHeader(List<TensorHeader> tensors, Map<String, String> metadata) {
  private static final int MAX_RANK = 32;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Bytes of one element; the types the format has and we can size. */
  private static final Map<String, Integer> SIZES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("F64", 8),
          Map.entry("I64", 8),
          Map.entry("U64", 8));

  static SafeTensorsHeader parse(Path file, byte[] json, long dataStart) throws IOException {
    List<TensorHeader> tensors = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      expect(file, parser.nextToken(), JsonToken.START_OBJECT, "the header");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        expect(file, parser.nextToken(), JsonToken.START_OBJECT, name);
        if (name.equals("__metadata__")) {
          metadata(file, parser, metadata);
        } else {
          tensors.add(tensor(file, parser, name, dataStart));
        }
      }
      if (parser.nextToken() != null) {
        throw new ModelFileException(file, "the header goes on behind its end");
      }
    } catch (JsonProcessingException e) {
      throw new ModelFileException(file, "the header is no JSON: %s", e.getOriginalMessage());
    }
    return new SafeTensorsHeader(tensors, metadata);
  }

  private static void metadata(Path file, JsonParser parser, Map<String, String> metadata)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      expect(file, parser.nextToken(), JsonToken.VALUE_STRING, "__metadata__." + key);
      metadata.put(key, parser.getText());
    }
  }

  private static TensorHeader tensor(Path file, JsonParser parser, String name, long dataStart)
      throws IOException {
    String type = "";
    List<Long> shape = null;
    List<Long> offsets = List.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (field) {
        case "dtype" -> {
          expect(file, value, JsonToken.VALUE_STRING, name + ".dtype");
          type = parser.getText();
        }
        case "shape" -> shape = numbers(file, parser, value, name + ".shape");
        case "data_offsets" -> offsets = numbers(file, parser, value, name + ".data_offsets");
        default -> throw new ModelFileException(file, "tensor %s: unknown field %s", name, field);
      }
    }
    if (!SIZES.containsKey(type)) {
      throw new ModelFileException(file, "tensor %s: element type \"%s\" is unknown", name, type);
    }
    if (shape == null || offsets.size() != 2) {
      throw new ModelFileException(file, "tensor %s: shape and two data_offsets are needed", name);
    }
    long f32Bytes = ModelFiles.f32Bytes(shape);
    long bytes = f32Bytes / 4 * SIZES.get(type);
    long length = offsets.get(1) - offsets.get(0);
    if (f32Bytes < 0 || offsets.get(0) < 0 || length != bytes) {
      throw new ModelFileException(
          file, "tensor %s: shape %s does not fit data_offsets %s", name, shape, offsets);
    }
    return new TensorHeader(name, type, List.copyOf(shape), dataStart + offsets.get(0), bytes);
  }

  private static List<Long> numbers(Path file, JsonParser parser, JsonToken first, String where)
      throws IOException {
    expect(file, first, JsonToken.START_ARRAY, where);
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(file, parser.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
      // 2^53 and more are no size of anything here; they are kept out of all later sums
      if (numbers.size() == MAX_RANK
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0
          || parser.getLongValue() >= 1L << 53) {
        throw new ModelFileException(
            file, "%s: a number is out of range, or there are too many", where);
      }
      numbers.add(parser.getLongValue());
    }
    return numbers;
  }

  private static void expect(Path file, JsonToken found, JsonToken wanted, String where)
      throws ModelFileException {
    if (found != wanted) {
      throw new ModelFileException(file, "%s: %s is needed, not %s", where, wanted, found);
    }
  }
}
