/* The CSV reader: every kind of wrong file is named by file, line and column, with what to do. */
#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

enum { CAPACITY = 4 };

static char path[] = "csv_test.XXXXXX";
static float features[CAPACITY * 3];
static uint8_t labels[CAPACITY];
static char message[256];

static csv_table_t empty_table(void) {
  return (csv_table_t){3u, 5u, features, labels, CAPACITY, 9u};
}

static bool load(csv_table_t *table, const char *content, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(content, 1u, size, file), size);
  assert_int_equal(fclose(file), 0);
  *table = empty_table();
  message[0] = '\0';
  return csv_load(table, path, message, sizeof message);
}

/* The file is refused with exactly this complaint, after its name. */
static void refuse(const char *content, const char *complaint) {
  csv_table_t table;
  char expected[256];
  (void)snprintf(expected, sizeof expected, "%s%s", path, complaint);
  assert_false(load(&table, content, strlen(content)));
  assert_string_equal(message, expected);
  assert_int_equal(table.rows, 0u);
}

static void reads_features_as_they_stand(void **state) {
  csv_table_t table;
  const char *content = "1,2,3,4\r\n\n 16 , -0.5,1e1,0\n0,0,0,1";
  const float expected[] = {1.0f, 2.0f, 3.0f, 16.0f, -0.5f, 10.0f, 0.0f, 0.0f, 0.0f};
  (void)state;
  assert_true(load(&table, content, strlen(content)));
  assert_int_equal(table.rows, 3u);
  assert_memory_equal(features, expected, sizeof expected);
  assert_int_equal(labels[0], 4u);
  assert_int_equal(labels[1], 0u);
  assert_int_equal(labels[2], 1u);
}

static void a_missing_file_is_named(void **state) {
  csv_table_t table = empty_table();
  (void)state;
  assert_false(csv_load(&table, "no/such.csv", message, sizeof message));
  assert_string_equal(message, "cannot open no/such.csv: No such file or directory; give the path of a CSV file");
}

static void a_folder_is_no_file(void **state) {
  csv_table_t table = empty_table();
  (void)state;
  assert_false(csv_load(&table, ".", message, sizeof message));
  assert_string_equal(message, "cannot read .: Is a directory");
}

static void a_ragged_row_is_named(void **state) {
  (void)state;
  refuse("1,2,3,4\n1,2,4\n", ":2: 3 columns, but 4 are needed: 3 features, then the class");
  refuse("1,2,3,4,5\n", ":1: 5 columns, but 4 are needed: 3 features, then the class");
}

static void what_is_no_number_is_named(void **state) {
  const char *rest = "' is not a number; every column must be one, and there is no header line";
  const char *const words[] = {"pixel", "", "1x", "nan", "inf", "1e99"};
  (void)state;
  for (size_t i = 0u; i < (sizeof words / sizeof words[0]); i++) {
    char content[64];
    char complaint[160];
    (void)snprintf(content, sizeof content, "1,2,3,4\n1,%s,3,4\n", words[i]);
    (void)snprintf(complaint, sizeof complaint, ":2: column 2: '%s%s", words[i], rest);
    refuse(content, complaint);
  }
}

static void a_class_out_of_range_is_named(void **state) {
  (void)state;
  refuse("1,2,3,5\n", ":1: column 4: class 5 is out of range; classes are whole numbers from 0 to 4");
  refuse("1,2,3,-1\n", ":1: column 4: class -1 is out of range; classes are whole numbers from 0 to 4");
  refuse("1,2,3,1.5\n", ":1: column 4: class 1.5 is out of range; classes are whole numbers from 0 to 4");
}

static void an_empty_file_is_named(void **state) {
  (void)state;
  refuse("", ": no rows; each line needs 3 features, then the class, separated by commas");
  refuse("\n\n", ": no rows; each line needs 3 features, then the class, separated by commas");
}

static void too_many_rows_are_named(void **state) {
  (void)state;
  refuse("1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n",
         ":5: more than 4 rows, which is all this program holds; use a smaller file");
}

static void what_is_no_text_is_named(void **state) {
  static char content[10000];
  csv_table_t table;
  (void)state;
  (void)memset(content, '1', sizeof content);
  assert_false(load(&table, content, sizeof content));
  assert_non_null(strstr(message, ":1: a line of more than 8190 bytes or with a zero byte; is this a CSV file?"));
  assert_false(load(&table, "1,2,3,4\n1,\0,3,4\n", 16u));
  assert_non_null(strstr(message, ":2: a line of more than 8190 bytes or with a zero byte; is this a CSV file?"));
  assert_false(load(&table, "\0\n", 2u));
  assert_non_null(strstr(message, ":1: a line"));
}

static int make_file(void **state) {
  const int descriptor = mkstemp(path);
  (void)state;
  return (descriptor < 0) ? -1 : close(descriptor);
}

static int remove_file(void **state) {
  (void)state;
  return unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_features_as_they_stand), cmocka_unit_test(a_missing_file_is_named),
      cmocka_unit_test(a_folder_is_no_file),          cmocka_unit_test(a_ragged_row_is_named),
      cmocka_unit_test(what_is_no_number_is_named),   cmocka_unit_test(a_class_out_of_range_is_named),
      cmocka_unit_test(an_empty_file_is_named),       cmocka_unit_test(too_many_rows_are_named),
      cmocka_unit_test(what_is_no_text_is_named),
  };
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
