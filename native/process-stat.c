/*
 * One /proc/PID/stat, read and parsed in one call from JavaScript: the call costs half of what reading in one and
 * parsing in JavaScript cost above the reading itself.
 *
 * The caller is src/engine/sampler/linux/process-stat.ts; what is wanted of the line, and in which order, is written
 * there too. Nothing is allocated or kept: any number of threads may be in here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* Longer than any: 52 numbers of at most 20 digits, and a name of at most 64 bytes. */
enum { stat_room = 4096 };

/* Doubles, in the order of `statField`. Times are in ticks of 10 ms. */
struct stat_fields {
  /* FNV-1a of the name, as a signed number of 32 bits. */
  double name_mark;
  /* The letter's code. */
  double state;
  double parent_pid;
  double minor_faults;
  double major_faults;
  double user_ticks;
  double system_ticks;
  double waited_for_ticks;
  double thread_count;
  double start_ticks;
  /* NAN where it is not told. */
  double last_core;
};

/* Field numbers of proc(5); the last one that must be there is the start. */
enum { first_number = 4, last_wanted = 22, core_number = 39, fields_room = core_number + 1 };

static int is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

/* What follows the number; NULL where there is none, or nothing behind it: it may have been cut. */
static const unsigned char *read_number(const unsigned char *at, const unsigned char *end, double *value) {
  if (at < end && *at == '-') at += 1;
  const unsigned char *first = at;
  uint64_t read = 0;
  for (; at < end && is_digit(*at); at += 1) read = read * 10 + (uint64_t)(*at - '0');
  *value = (double)read;
  return at == first || at == end ? NULL : at;
}

static int32_t mark_name(const unsigned char *bytes, const unsigned char *closing) {
  const unsigned char *at = memchr(bytes, '(', (size_t)(closing - bytes));
  uint32_t mark = 0x811c9dc5;
  if (at != NULL) {
    for (at += 1; at < closing; at += 1) mark = (mark ^ *at) * 0x01000193;
  }
  return (int32_t)mark;
}

/* As `parseStatInto` of proc-bytes.ts: the program chooses its name, so fields are counted from the last bracket. */
static int parse(const unsigned char *bytes, size_t length, struct stat_fields *into) {
  const unsigned char *end = bytes + length;
  const unsigned char *closing = memrchr(bytes, ')', length);
  if (closing == NULL || closing + 3 >= end) return 0;
  double values[fields_room];
  const unsigned char *at = closing + 4;
  for (int number = first_number; number <= last_wanted; number += 1) {
    at = read_number(at, end, &values[number]);
    if (at == NULL || (*at != ' ' && *at != '\n')) return 0;
    at += 1;
  }
  /* Behind addresses and masks that nobody wants. */
  for (int number = last_wanted + 1; at != NULL && number < core_number; number += 1) {
    at = memchr(at, ' ', (size_t)(end - at));
    if (at != NULL) at += 1;
  }
  if (at == NULL || at >= end || !is_digit(*at) || read_number(at, end, &values[core_number]) == NULL) {
    values[core_number] = NAN;
  }
  *into = (struct stat_fields){
      .name_mark = mark_name(bytes, closing),
      .state = closing[2],
      .parent_pid = values[4],
      .minor_faults = values[10],
      .major_faults = values[12],
      .user_ticks = values[14],
      .system_ticks = values[15],
      .waited_for_ticks = values[16] + values[17],
      .thread_count = values[20],
      .start_ticks = values[22],
      .last_core = values[core_number],
  };
  return 1;
}

/* 1; 0 for what is no stat line, whose `into` is then as it was; or a negative errno. */
int corescope_read_stat(int file, struct stat_fields *into) {
  unsigned char bytes[stat_room];
  ssize_t length;
  do {
    length = pread(file, bytes, sizeof bytes, 0);
  } while (length < 0 && errno == EINTR);
  if (length < 0) return -errno;
  return (size_t)length == sizeof bytes ? 0 : parse(bytes, (size_t)length, into);
}
