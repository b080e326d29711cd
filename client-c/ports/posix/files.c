/* A store in a file: written beside it, synced, renamed, and the folder synced. */
#include "speedwell/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "crc32c.h"

#define MAGIC 0x53574631u

/* What stands before the record. */
typedef struct {
  uint32_t magic;
  uint32_t writes; /* in this file's life, this one included */
  uint32_t size;
  uint32_t crc; /* of the three numbers above and the record */
} head_t;

static uint32_t crc_of(const head_t *head) {
  return spw_crc_add(SPW_CRC_START, (const uint8_t *)head, (uint32_t)offsetof(head_t, crc));
}

/* Reads up to size bytes; fewer at the end of the file, -1: an error. */
static ssize_t read_all(int file, uint8_t *bytes, size_t size) {
  size_t done = 0u;
  ssize_t count = 1;
  while ((done < size) && (count != 0)) {
    count = read(file, &bytes[done], size - done);
    if ((count < 0) && (errno != EINTR)) {
      return -1;
    }
    done += (count > 0) ? (size_t)count : 0u;
  }
  return (ssize_t)done;
}

static bool write_all(int file, const uint8_t *bytes, size_t size) {
  size_t done = 0u;
  while (done < size) {
    const ssize_t count = write(file, &bytes[done], size - done);
    if ((count < 0) && (errno != EINTR)) {
      return false;
    }
    done += (count > 0) ? (size_t)count : 0u;
  }
  return true;
}

/* Holds the whole file against its checksum and puts the first `capacity` bytes of the record; false: it is damaged. */
static bool take(int file, head_t *head, uint8_t *bytes, uint32_t capacity) {
  if ((read_all(file, (uint8_t *)head, sizeof *head) != (ssize_t)sizeof *head) || (head->magic != MAGIC)) {
    return false;
  }
  uint32_t crc = crc_of(head);
  uint32_t done = 0u;
  ssize_t count = 1;
  while ((done < head->size) && (count > 0)) {
    uint8_t piece[256];
    const uint32_t left = head->size - done;
    count = read_all(file, piece, (left < sizeof piece) ? left : sizeof piece);
    for (uint32_t i = 0u; (count > 0) && (i < (uint32_t)count) && ((done + i) < capacity); i++) {
      bytes[done + i] = piece[i];
    }
    if (count > 0) {
      crc = spw_crc_add(crc, piece, (uint32_t)count);
      done += (uint32_t)count;
    }
  }
  return (done == head->size) && (spw_crc_end(crc) == head->crc);
}

static int32_t read_record(void *context, uint8_t *bytes, uint32_t capacity) {
  spw_files_t *files = (spw_files_t *)context;
  const int file = open(files->path, O_RDONLY | O_CLOEXEC);
  int32_t result = (int32_t)SPW_STORE_FAILED;
  head_t head;
  files->error = 0;
  if (file < 0) {
    files->error = (errno == ENOENT) ? 0 : errno;
    return (errno == ENOENT) ? 0 : result;
  }
  if (take(file, &head, bytes, capacity)) {
    files->writes = head.writes;
    result = (int32_t)((head.size < capacity) ? head.size : capacity);
  } else {
    files->error = EIO;
  }
  (void)close(file);
  return result;
}

static bool sync_folder(const char *path) {
  const int folder = open(path, O_RDONLY | O_CLOEXEC);
  const bool synced = (folder >= 0) && (fsync(folder) == 0);
  if (folder >= 0) {
    (void)close(folder);
  }
  return synced;
}

static bool replace(const spw_files_t *files, const head_t *head, const uint8_t *bytes) {
  const int file = open(files->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) {
    return false;
  }
  const bool written =
      write_all(file, (const uint8_t *)head, sizeof *head) && write_all(file, bytes, head->size) && (fsync(file) == 0);
  return (close(file) == 0) && written && (rename(files->fresh, files->path) == 0) && sync_folder(files->folder);
}

static int32_t write_record(void *context, const uint8_t *bytes, uint32_t size) {
  spw_files_t *files = (spw_files_t *)context;
  head_t head = {MAGIC, files->writes + 1u, size, 0u};
  if ((files->writes == UINT32_MAX) || ((files->writes_most != 0u) && (files->writes >= files->writes_most))) {
    return (int32_t)SPW_STORE_WORN;
  }
  head.crc = spw_crc_end(spw_crc_add(crc_of(&head), bytes, size));
  errno = 0;
  if (!replace(files, &head, bytes)) {
    files->error = (errno != 0) ? errno : EIO;
    return (int32_t)SPW_STORE_FAILED;
  }
  files->error = 0;
  files->writes++;
  return 1;
}

static int32_t poll_job(void *context) {
  (void)context;
  return (int32_t)SPW_STORE_DONE; /* it was done when write returned */
}

spw_status_t spw_files_init(spw_files_t *files, const char *path, uint32_t writes_most) {
  if ((files == NULL) || (path == NULL) || (path[0] == '\0')) {
    return SPW_BAD_ARGUMENT;
  }
  const size_t length = strlen(path);
  if (length >= (size_t)SPW_FILES_PATH) {
    return SPW_TOO_SMALL;
  }
  (void)memset(files, 0, sizeof *files);
  (void)memcpy(files->path, path, length);
  (void)memcpy(files->fresh, path, length);
  (void)memcpy(&files->fresh[length], ".new", 5u);
  const char *slash = strrchr(path, '/');
  if (slash == NULL) {
    files->folder[0] = '.';
  } else {
    (void)memcpy(files->folder, path, (size_t)(slash - path) + 1u);
  }
  files->writes_most = writes_most;
  files->store.context = files;
  files->store.read = read_record;
  files->store.write = write_record;
  files->store.poll = poll_job;
  return SPW_OK;
}

const char *spw_files_error(const spw_files_t *files) {
  return (files->error != 0) ? strerror(files->error) : "";
}
