package io.speedwell.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.speedwell.run.StoreException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The rows of a table as lines of JSON, the same for every database: whole numbers, numbers, texts,
 * and times in ISO 8601.
 */
final class TableRows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TableRows() {}

  /** Writes all rows. Returns the SHA-256 of the file. */
  static String write(Handle handle, String table, Path file) throws StoreException {
    MessageDigest digest = CheckpointFiles.digest();
    try {
      Folders.make(file.getParent());
      try (DurableFile durable = DurableFile.create(file);
          BufferedWriter out =
              new BufferedWriter(
                  new OutputStreamWriter(
                      new DigestOutputStream(durable, digest), StandardCharsets.UTF_8));
          var statement = handle.getConnection().createStatement();
          ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
        while (rows.next()) {
          out.write(JSON.writeValueAsString(json(rows)));
          out.write('\n');
        }
      }
    } catch (IOException e) {
      throw new StoreException("%s: cannot be written (%s)".formatted(file, Reason.of(e)), e);
    } catch (SQLException e) {
      throw new StoreException(
          "database: reading the table %s failed (%s)".formatted(table, Reason.of(e)), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ObjectNode json(ResultSet row) throws SQLException {
    ObjectNode json = JSON.createObjectNode();
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnLabel(i).toLowerCase(Locale.ROOT);
      row.getObject(i);
      if (row.wasNull()) {
        continue;
      }
      switch (columns.getColumnType(i)) {
        case Types.INTEGER, Types.BIGINT -> json.put(name, row.getLong(i));
        case Types.DOUBLE, Types.FLOAT -> json.put(name, Double.toString(row.getDouble(i)));
        case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
            json.put(name, row.getObject(i, OffsetDateTime.class).toString());
        default -> json.put(name, row.getString(i));
      }
    }
    return json;
  }

  /** Inserts all rows of a file. */
  static void insert(Handle handle, String table, Path file) throws StoreException {
    try (Stream<String> lines = Files.lines(file)) {
      Map<String, Integer> types = types(handle, table);
      String columns = String.join(", ", types.keySet());
      String places = String.join(", ", Collections.nCopies(types.size(), "?"));
      String sql = "INSERT INTO " + table + " (" + columns + ") VALUES (" + places + ")";
      try (PreparedStatement insert = handle.getConnection().prepareStatement(sql)) {
        for (String line : (Iterable<String>) lines::iterator) {
          bind(insert, types, JSON.readTree(line));
          insert.executeUpdate();
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException("%s: cannot be read (%s)".formatted(file, Reason.of(e)), e);
    } catch (SQLException e) {
      throw new StoreException(
          "database: filling the table %s failed (%s)".formatted(table, Reason.of(e)), e);
    }
  }

  private static Map<String, Integer> types(Handle handle, String table) throws SQLException {
    Map<String, Integer> types = new LinkedHashMap<>();
    try (var statement = handle.getConnection().createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
      ResultSetMetaData columns = none.getMetaData();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        types.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), columns.getColumnType(i));
      }
    }
    return types;
  }

  private static void bind(PreparedStatement insert, Map<String, Integer> types, JsonNode row)
      throws SQLException {
    int place = 0;
    for (Map.Entry<String, Integer> column : types.entrySet()) {
      place++;
      JsonNode value = row.get(column.getKey());
      int type = column.getValue();
      if (value == null) {
        insert.setNull(place, type);
        continue;
      }
      switch (type) {
        case Types.INTEGER, Types.BIGINT -> insert.setObject(place, value.longValue(), type);
        case Types.DOUBLE, Types.FLOAT ->
            insert.setDouble(place, Double.parseDouble(value.asText()));
        case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
            insert.setObject(place, OffsetDateTime.parse(value.asText()));
        default -> insert.setString(place, value.asText());
      }
    }
  }
}
