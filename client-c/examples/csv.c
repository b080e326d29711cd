#include "csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 8192, SHOWN_MAX = 24 };

/* Where in the file, and where a complaint goes. */
typedef struct {
  csv_table_t *table;
  const char *path;
  unsigned long line;
  char *message;
  size_t message_size;
} reader_t;

static uint32_t count_columns(const char *line) {
  uint32_t count = 1u;
  for (const char *c = line; *c != '\0'; c++) {
    count += (*c == ',') ? 1u : 0u;
  }
  return count;
}

static const char *skip_blanks(const char *text) {
  while ((*text == ' ') || (*text == '\t')) {
    text++;
  }
  return text;
}

/* Reads the number at *cursor and moves past it and its comma. */
static bool read_number(const reader_t *reader, const char **cursor, uint32_t column, float *value) {
  const char *start = skip_blanks(*cursor);
  char *end = NULL;
  *value = strtof(start, &end);
  const char *rest = skip_blanks(end);
  const bool number = (end != start) && ((*rest == ',') || (*rest == '\0')) && (isfinite(*value) != 0);
  if (!number) {
    const size_t length = strcspn(start, ",");
    (void)snprintf(reader->message, reader->message_size,
                   "%s:%lu: column %lu: '%.*s' is not a number; every column must be one, and there is no header line",
                   reader->path, reader->line, (unsigned long)column,
                   (int)((length < (size_t)SHOWN_MAX) ? length : (size_t)SHOWN_MAX), start);
  }
  *cursor = (*rest == ',') ? &rest[1] : rest;
  return number;
}

static bool read_row(const reader_t *reader, const char *line) {
  csv_table_t *table = reader->table;
  const char *cursor = line;
  float value = 0.0f;
  const uint32_t columns = count_columns(line);
  if (columns != (table->columns + 1u)) {
    (void)snprintf(reader->message, reader->message_size,
                   "%s:%lu: %lu columns, but %lu are needed: %lu features, then the class", reader->path, reader->line,
                   (unsigned long)columns, (unsigned long)table->columns + 1u, (unsigned long)table->columns);
    return false;
  }
  if (table->rows == table->capacity) {
    (void)snprintf(reader->message, reader->message_size,
                   "%s:%lu: more than %lu rows, which is all this program holds; use a smaller file", reader->path,
                   reader->line, (unsigned long)table->capacity);
    return false;
  }
  float *features = &table->features[(size_t)table->rows * table->columns];
  for (uint32_t column = 0u; column < table->columns; column++) {
    if (!read_number(reader, &cursor, column + 1u, &features[column])) {
      return false;
    }
  }
  if (!read_number(reader, &cursor, columns, &value)) {
    return false;
  }
  if (!(value >= 0.0f) || !(value < (float)table->classes) || ((float)(uint32_t)value != value)) {
    (void)snprintf(reader->message, reader->message_size,
                   "%s:%lu: column %lu: class %g is out of range; classes are whole numbers from 0 to %lu",
                   reader->path, reader->line, (unsigned long)columns, (double)value,
                   (unsigned long)table->classes - 1u);
    return false;
  }
  table->labels[table->rows] = (uint8_t)value;
  table->rows++;
  return true;
}

static bool read_lines(reader_t *reader, FILE *file) {
  char line[LINE_MAX_BYTES];
  while (fgets(line, (int)sizeof line, file) != NULL) {
    size_t length = strlen(line);
    reader->line++;
    const bool whole = (length > 0u) && ((line[length - 1u] == '\n') || (feof(file) != 0));
    if (!whole) {
      (void)snprintf(reader->message, reader->message_size,
                     "%s:%lu: a line of more than %d bytes or with a zero byte; is this a CSV file?", reader->path,
                     reader->line, (int)LINE_MAX_BYTES - 2);
      return false;
    }
    while ((length > 0u) && ((line[length - 1u] == '\n') || (line[length - 1u] == '\r'))) {
      length--;
      line[length] = '\0';
    }
    if ((*skip_blanks(line) != '\0') && !read_row(reader, line)) {
      return false;
    }
  }
  if (ferror(file) != 0) {
    (void)snprintf(reader->message, reader->message_size, "cannot read %s: %s", reader->path, strerror(errno));
    return false;
  }
  if (reader->table->rows == 0u) {
    (void)snprintf(reader->message, reader->message_size,
                   "%s: no rows; each line needs %lu features, then the class, separated by commas", reader->path,
                   (unsigned long)reader->table->columns);
    return false;
  }
  return true;
}

bool csv_load(csv_table_t *table, const char *path, char *message, size_t message_size) {
  reader_t reader = {table, path, 0u, message, message_size};
  FILE *file = fopen(path, "r");
  table->rows = 0u;
  if (file == NULL) {
    (void)snprintf(message, message_size, "cannot open %s: %s; give the path of a CSV file", path, strerror(errno));
    return false;
  }
  const bool whole = read_lines(&reader, file);
  (void)fclose(file);
  if (!whole) {
    table->rows = 0u;
  }
  return whole;
}
