/*
 * Fuzzing without libFuzzer: replays a corpus, then runs seeded mutations of it. The same arguments, the same inputs.
 *
 *   FUZZER CORPUS [runs=N] [seconds=N] [seed=N]
 *
 * Before each run the input is left in the file last-input (in the working folder, named after the program) when
 * keep=1 is given: slow, to find what a crash was about.
 */
#include <dirent.h>
#include <string.h>
#include <time.h>

#include "fuzz.h"

enum { FILES_MOST = 512, SIZE_MOST = 1024 };

typedef struct {
  uint8_t bytes[SIZE_MOST];
  size_t size;
} entry_t;

typedef struct {
  entry_t *entries;
  size_t count;
} corpus_t;

static uint64_t state = 1u;

static uint32_t below(uint32_t bound) {
  state = (state * 6364136223846793005u) + 1442695040888963407u;
  return (uint32_t)((state >> 33) % bound);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static corpus_t load(const char *folder) {
  struct dirent **names = NULL;
  corpus_t corpus = {calloc(FILES_MOST, sizeof(entry_t)), 0u};
  const int count = scandir(folder, &names, NULL, by_name);
  FUZZ_CHECK((corpus.entries != NULL) && (count > 0));
  for (int i = 0; i < count; ++i) {
    char path[1024];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
    FILE *file = (names[i]->d_name[0] == '.') ? NULL : fopen(path, "rb");
    if ((file != NULL) && (corpus.count < (size_t)FILES_MOST)) {
      entry_t *entry = &corpus.entries[corpus.count];
      entry->size = fread(entry->bytes, 1u, SIZE_MOST, file);
      ++corpus.count;
    }
    if (file != NULL) {
      (void)fclose(file);
    }
    free(names[i]);
  }
  free(names);
  return corpus;
}

static void insert(entry_t *entry, size_t at, const uint8_t *bytes, size_t size) {
  if ((entry->size + size) <= (size_t)SIZE_MOST) {
    (void)memmove(&entry->bytes[at + size], &entry->bytes[at], entry->size - at);
    (void)memcpy(&entry->bytes[at], bytes, size);
    entry->size += size;
  }
}

static void mutate(entry_t *entry, const corpus_t *corpus) {
  static const uint8_t edges[] = {0x00u, 0x01u, 0x7Fu, 0x80u, 0x81u, 0xFFu, 0x08u, 0x12u};
  const entry_t *other = &corpus->entries[below((uint32_t)corpus->count)];
  const size_t at = below((uint32_t)entry->size + 1u);
  const size_t left = entry->size - at;
  uint8_t piece[16];
  const size_t size = 1u + below(sizeof(piece));
  switch (below(8u)) {
    case 0u:
      entry->bytes[at % SIZE_MOST] ^= (uint8_t)(1u << below(8u));
      break;
    case 1u:
      entry->bytes[at % SIZE_MOST] = (uint8_t)below(256u);
      break;
    case 2u:
      entry->bytes[at % SIZE_MOST] = edges[below(sizeof(edges))];
      break;
    case 3u: /* takes a piece out */
      if (left > size) {
        (void)memmove(&entry->bytes[at], &entry->bytes[at + size], left - size);
        entry->size -= size;
      }
      break;
    case 4u: /* doubles one */
      if (left >= size) {
        (void)memcpy(piece, &entry->bytes[at], size);
        insert(entry, at, piece, size);
      }
      break;
    case 5u: /* random bytes */
      for (size_t i = 0u; i < size; ++i) {
        piece[i] = (uint8_t)below(256u);
      }
      insert(entry, at, piece, size);
      break;
    case 6u: /* a piece of another entry */
      if (other->size > 0u) {
        const size_t from = below((uint32_t)other->size);
        const size_t most = other->size - from;
        insert(entry, at, &other->bytes[from], (size < most) ? size : most);
      }
      break;
    default: /* goes on with another entry */
      entry->size = at;
      insert(entry, at, other->bytes, (other->size < (SIZE_MOST - at)) ? other->size : (SIZE_MOST - at));
      break;
  }
}

static unsigned long option(int count, char **words, const char *name, unsigned long otherwise) {
  unsigned long value = otherwise;
  const size_t size = strlen(name);
  for (int i = 2; i < count; ++i) {
    if ((strncmp(words[i], name, size) == 0) && (words[i][size] == '=')) {
      value = strtoul(&words[i][size + 1u], NULL, 10);
    }
  }
  return value;
}

static void keep_input(const char *program, const entry_t *entry) {
  char path[1024];
  (void)snprintf(path, sizeof(path), "%s.last-input", program);
  FILE *file = fopen(path, "wb");
  if (file != NULL) {
    (void)fwrite(entry->bytes, 1u, entry->size, file);
    (void)fclose(file);
  }
}

int main(int count, char **words) {
  if (count < 2) {
    (void)fprintf(stderr, "usage: %s CORPUS [runs=N] [seconds=N] [seed=N] [keep=1]\n", words[0]);
    return 2;
  }
  const unsigned long runs = option(count, words, "runs", 20000u);
  const unsigned long seconds = option(count, words, "seconds", 0u);
  const unsigned long keep = option(count, words, "keep", 0u);
  const corpus_t corpus = load(words[1]);
  state = option(count, words, "seed", 1u);
  FUZZ_CHECK(corpus.count > 0u);
  for (size_t i = 0u; i < corpus.count; ++i) {
    (void)LLVMFuzzerTestOneInput(corpus.entries[i].bytes, corpus.entries[i].size);
  }
  const time_t end = time(NULL) + (time_t)seconds;
  unsigned long run = 0u;
  while ((seconds > 0u) ? (time(NULL) < end) : (run < runs)) {
    entry_t entry = corpus.entries[below((uint32_t)corpus.count)];
    for (uint32_t times = 1u + below(6u); times > 0u; --times) {
      mutate(&entry, &corpus);
    }
    if (keep == 1u) {
      keep_input(words[0], &entry);
    }
    (void)LLVMFuzzerTestOneInput(entry.bytes, entry.size);
    ++run;
  }
  (void)printf("figure: %lu inputs of the corpus, %lu mutations, no harm\n", (unsigned long)corpus.count, run);
  free(corpus.entries);
  return 0;
}
