/*
 * A disk whose power fails at every call: what was written and not synced is then torn or gone, a name that was not
 * synced may be the old one again. The calls that files.c makes are caught by the linker (--wrap), those of the tests
 * too.
 */
#ifndef DISK_H
#define DISK_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

enum { DISK_NEVER = 1000000 };

/* Which call it is, counted from 0, and what happens at it. */
typedef struct {
  int calls;
  int cut_at;   /* the power fails */
  int fail_at;  /* the call returns an error */
  int short_at; /* it does half of what it was asked to, or is interrupted */
  uint64_t random;
  bool file_synced;
  bool renamed;
  bool folder_synced;
  jmp_buf off;
} disk_t;

extern disk_t disk;
extern char disk_path[64];  /* of the file; nothing else is in its folder but what the store makes */
extern char disk_fresh[72]; /* of what is written beside it */

/* Nothing fails from here on; calls are counted from 0 again. */
void disk_calm(void);
/* The same, and the folder is empty. */
void disk_clean(void);

/* As the file is without faults. */
int disk_open(const char *name, int flags);
int disk_close(int file);

/* The folder, for a group of tests. */
int disk_begin(void **state);
int disk_end(void **state);

#endif
