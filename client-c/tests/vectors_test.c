/* The golden frames of protocol/vectors against the C codec and frame reader. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "frame.h"
#include "speedwell.pb.h"
#include "testing.h"

enum { FRAME_LIMIT = 256, LINE_MOST = 1500, COLUMNS = 6 };

typedef union {
  speedwell_ToServer to_server;
  speedwell_ToDevice to_device;
} message_t;

static uint32_t from_hex(const char *text, uint8_t *bytes, uint32_t capacity) {
  uint32_t size = 0u;
  while ((text[2u * size] != '\0') && (size < capacity)) {
    const char digits[3] = {text[2u * size], text[(2u * size) + 1u], '\0'};
    bytes[size] = (uint8_t)strtoul(digits, NULL, 16);
    ++size;
  }
  return size;
}

/* What the C side says, in the words of the vectors; the canonical frame of an accepted one goes to `canonical`. */
static void judge(const spw_outer_t *outer, spw_view_t bytes, char *verdict, size_t verdict_size, uint8_t *canonical,
                  uint32_t *canonical_size) {
  const spw_span_t span = {bytes.bytes, 0u, bytes.size};
  spw_span_t body = {NULL, 0u, 0u};
  message_t message;
  uint32_t number = 0u;
  *canonical_size = 0u;
  const spw_frame_t found = spw_frame_find(&span, FRAME_LIMIT, &body);
  if (found == SPW_FRAME_MORE) {
    (void)snprintf(verdict, verdict_size, "incomplete");
  } else if (found == SPW_FRAME_BAD) {
    (void)snprintf(verdict, verdict_size, "malformed");
  } else {
    const spw_decoded_t decoded = spw_decode(outer, &body, &number, &message);
    if (decoded == SPW_MALFORMED) {
      (void)snprintf(verdict, verdict_size, "malformed");
    } else if (decoded == SPW_UNKNOWN) {
      (void)snprintf(verdict, verdict_size, "unknown:%u", number);
    } else {
      (void)snprintf(verdict, verdict_size, "accept");
      spw_sink_t out = {canonical, 2u * FRAME_LIMIT, 0u};
      spw_frame_write(outer, number, &message, &out);
      *canonical_size = out.size;
      (void)memmove(canonical, &canonical[out.room], out.size);
    }
  }
}

/* Cuts a line into its columns in place; returns how many there are. */
static int columns_of(char *line, char *columns[COLUMNS]) {
  int count = 1;
  columns[0] = line;
  line[strcspn(line, "\n")] = '\0';
  for (char *at = strstr(line, " | "); (at != NULL) && (count < COLUMNS); at = strstr(&at[3], " | ")) {
    at[0] = '\0';
    columns[count] = &at[3];
    ++count;
  }
  return count;
}

static void check(const char *file, int number, char *columns[COLUMNS]) {
  uint8_t frame[LINE_MOST / 2];
  uint8_t expected[LINE_MOST / 2];
  uint8_t canonical[2 * FRAME_LIMIT];
  uint32_t canonical_size = 0u;
  char verdict[32];
  const bool to_server = (strcmp(columns[0], "to-server") == 0);
  const spw_view_t bytes = {frame, from_hex(columns[1], frame, sizeof(frame))};
  judge(to_server ? &spw_to_server : &spw_to_device, bytes, verdict, sizeof(verdict), canonical, &canonical_size);

  char wanted[32];
  (void)snprintf(wanted, sizeof(wanted), "%s", columns[3]);
  if (strncmp(wanted, "malformed", 9) == 0) {
    wanted[9] = '\0'; /* this reader does not tell rules apart */
  }
  if (strcmp(verdict, wanted) != 0) {
    fail_msg("%s:%d: %s: expected %s, got %s", file, number, columns[5], wanted, verdict);
  }
  if (strcmp(columns[4], "-") != 0) {
    const bool same = (strcmp(columns[4], "=") == 0);
    const uint32_t expected_size = from_hex(same ? columns[1] : columns[4], expected, sizeof(expected));
    if ((canonical_size != expected_size) || (memcmp(canonical, expected, expected_size) != 0)) {
      fail_msg("%s:%d: %s: another canonical frame", file, number, columns[5]);
    }
  }
}

static int check_file(const char *name) {
  char path[128];
  char line[LINE_MOST];
  int checked = 0;
  (void)snprintf(path, sizeof(path), "protocol/vectors/%s.txt", name);
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    fail_msg("%s: cannot be read", path);
  }
  for (int number = 1; fgets(line, sizeof(line), file) != NULL; ++number) {
    char *columns[COLUMNS];
    if ((line[0] != '#') && (line[0] != '\n')) {
      if (columns_of(line, columns) != COLUMNS) {
        fail_msg("%s:%d: not %d columns", path, number, COLUMNS);
      }
      check(path, number, columns);
      ++checked;
    }
  }
  (void)fclose(file);
  return checked;
}

/* SPW-STR-02, SPW-STR-04, SPW-STR-05 */
static void every_frame_gets_its_verdict(void **state) {
  static const char *const files[] = {"framing",    "to-server", "to-device", "strictness",
                                      "truncation", "unknown",   "values"};
  int checked = 0;
  (void)state;
  for (size_t i = 0u; i < (sizeof(files) / sizeof(files[0])); ++i) {
    checked += check_file(files[i]);
  }
  assert_true(checked >= 80);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_frame_gets_its_verdict)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
