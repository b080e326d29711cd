/* Reads a table of examples from a CSV file: per line the features, then the class, all numbers, no header. */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint32_t columns; /* features in a row */
  uint32_t classes; /* at most 256; the class is a whole number 0..classes - 1 */
  float *features;  /* room for capacity * columns numbers */
  uint8_t *labels;  /* room for capacity classes */
  uint32_t capacity;
  uint32_t rows; /* out: rows read */
} csv_table_t;

/* Fills the table from the file. false: message says what is wrong, in which line and column, and what to do; the
 * table holds nothing. Blank lines are skipped; lines may end in CR LF. */
bool csv_load(csv_table_t *table, const char *path, char *message, size_t message_size);

#endif
