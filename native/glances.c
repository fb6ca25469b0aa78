/*
 * The ticks between two hand-overs, without JavaScript: one call sleeps to each deadline, reads /proc/stat and the CPU
 * clocks that were chosen for that tick, and comes back when JavaScript has something to decide. The code and data of
 * an engine that slept for 100 ms are out of the processor's caches, which makes its tick cost three times this one's.
 *
 * Everything that is read or written belongs to the caller (src/engine/sampler/linux/glances-ahead.ts, whose layouts
 * mirror the structures below) and is as long as `struct plan` says. Nothing is allocated or kept, no signal handler
 * set: any number of threads may be in here, each with memory of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* Changes with every layout here and in process-stat.c: a library of another build is not used. */
enum { layout_version = 2 };

/* Why a call came back. Negative: an errno, of what makes going on useless. */
enum outcome {
  all_taken = 0,
  /* A command has come in. */
  bell_rang = 1,
  /* The tick taken last shows something that is to be looked at now. */
  not_quiet = 2,
  /* The next deadline has passed, or is too near: which one comes next is the caller's to say. */
  was_late = 3,
};

/* Doubles throughout, so that one Float64Array is all of it; times in milliseconds of the session's clock. */
struct plan {
  /* CLOCK_MONOTONIC at the session's beginning. */
  double origin_seconds;
  double origin_nanoseconds;
  double first_deadline_ms;
  double every_ms;
  /* Another tick follows no sooner after the beginning of the last one. */
  double least_apart_ms;
  /* The ticks to be taken, of all that there is room for: so many from `first_tick` on. */
  double first_tick;
  double ticks;
  /* Entries of each tick in `places` and `cpu_ns`, and bytes of each in `stat`. */
  double entry_room;
  double stat_room;
  /* Entries of `pids` and of what is known of each. */
  double processes;
  double stat_file;
  double wake_file;
  /* What the bell showed when its commands were last obeyed. */
  double heard;
  /* Since `looked_at_ms` the processes may have used `quiet_ns_per_ms` before they are looked at. */
  double looked_at_ms;
  double quiet_ns_per_ms;
  /* In and out: how long a reading usually takes. */
  double usual_ms;
};

struct tick {
  /* In: how many of the tick's places are to be read. */
  double count;
  double started_at_ms;
  /* The middle of the time that everything, and that the clocks alone took. */
  double read_at_ms;
  double clocks_at_ms;
  double stat_length;
  /* NAN where the kernel does not tell. */
  double forks;
};

/* What is known of each process, by its place in the list. */
struct known {
  const int32_t *pids;
  /* CPU time that was dealt with. */
  const double *told_ns;
  /* The fork counter when its children were looked for; INFINITY where that need not be done at once. */
  const double *searched_at_forks;
};

static double now_ms(const struct plan *plan) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return NAN;
  return ((double)now.tv_sec - plan->origin_seconds) * 1000 + ((double)now.tv_nsec - plan->origin_nanoseconds) / 1e6;
}

/* NAN where the process is gone. The clock's name is made as clock_getcpuclockid(3) makes it, without its check. */
static double read_clock_ns(int32_t pid) {
  struct timespec time;
  clockid_t clock = (clockid_t)(~(uint32_t)pid << 3 | 2);
  if (clock_gettime(clock, &time) != 0) return NAN;
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/*
 * Reads from the beginning; its length, or a negative errno: ENOBUFS where the room is too small. Files of /proc are
 * made while they are read, so a reading is the last one if it finds nothing, or is much shorter than the page that
 * the kernel fills at a time.
 */
static int64_t read_whole(int file, unsigned char *bytes, size_t room) {
  const ssize_t surely_whole = 3072;
  size_t length = 0;
  for (;;) {
    if (length == room) return -ENOBUFS;
    ssize_t last = pread(file, bytes + length, room - length, (off_t)length);
    if (last < 0 && errno == EINTR) continue;
    if (last < 0) return -errno;
    length += (size_t)last;
    /* Short for want of room: it may have been cut. */
    if (last < surely_whole) return length == room ? -ENOBUFS : (int64_t)length;
  }
}

/* Processes begun since boot. Looked for from the end: up to a hundred kilobytes of interrupts come before it. */
static double find_forks(const unsigned char *bytes, size_t length) {
  static const char label[] = "\nprocesses ";
  const size_t label_length = sizeof label - 1;
  if (length < label_length) return NAN;
  for (size_t start = length - label_length + 1; start-- > 0;) {
    if (memcmp(bytes + start, label, label_length) != 0) continue;
    double value = 0;
    size_t index = start + label_length;
    size_t first = index;
    for (; index < length && bytes[index] >= '0' && bytes[index] <= '9'; index += 1) {
      value = value * 10 + (bytes[index] - '0');
    }
    /* A number at the very end may have been cut. */
    return index == first || index == length ? NAN : value;
  }
  return NAN;
}

/* The clocks one after the other with nothing between, so that one instant stands for all. */
static int read_clocks(const struct plan *plan, struct tick *tick, const int32_t *pids, const int32_t *places,
                       double *cpu_ns) {
  double start_ms = now_ms(plan);
  size_t count = (size_t)tick->count;
  for (size_t index = 0; index < count; index += 1) {
    int32_t place = places[index];
    if (place < 0 || place >= plan->processes) return -EINVAL;
    cpu_ns[index] = read_clock_ns(pids[place]);
  }
  tick->clocks_at_ms = start_ms + (now_ms(plan) - start_ms) / 2;
  return 0;
}

/* Whether a reading was interrupted: it took four times what the quick ones take, and 0.2 ms for cold caches. */
static int was_interrupted(struct plan *plan, double took_ms) {
  int is_long = took_ms > plan->usual_ms * 4 + 0.2;
  plan->usual_ms = fmin(plan->usual_ms * 1.02, took_ms);
  return is_long;
}

/* Cores and clocks together; once more where that was interrupted, as the time lost would be in every process's share. */
static int read_tick(struct plan *plan, struct tick *tick, const int32_t *pids, const int32_t *places, double *cpu_ns,
                     unsigned char *stat) {
  tick->started_at_ms = now_ms(plan);
  for (int attempt = 1; attempt <= 2; attempt += 1) {
    double start_ms = now_ms(plan);
    int64_t length = read_whole((int)plan->stat_file, stat, (size_t)plan->stat_room);
    if (length < 0) return (int)length;
    tick->stat_length = (double)length;
    int problem = read_clocks(plan, tick, pids, places, cpu_ns);
    if (problem != 0) return problem;
    double took_ms = now_ms(plan) - start_ms;
    tick->read_at_ms = start_ms + took_ms / 2;
    if (!was_interrupted(plan, took_ms)) break;
  }
  tick->forks = find_forks(stat, (size_t)tick->stat_length);
  return 0;
}

/* As `isQuiet` of quiet.ts, which judges the same tick again when this says no. */
static int is_quiet(const struct plan *plan, const struct tick *tick, const struct known *known, const int32_t *places,
                    const double *cpu_ns) {
  double spent_ns = 0;
  size_t count = (size_t)tick->count;
  for (size_t index = 0; index < count; index += 1) {
    int32_t place = places[index];
    double grown_ns = cpu_ns[index] - known->told_ns[place];
    if (grown_ns == 0) continue;
    /* It has ended, or another has its pid. */
    if (!(grown_ns > 0)) return 0;
    double searched = known->searched_at_forks[place];
    if (!isinf(searched) && tick->forks != searched) return 0;
    spent_ns += grown_ns;
  }
  return spent_ns <= plan->quiet_ns_per_ms * (tick->read_at_ms - plan->looked_at_ms);
}

static int has_rung(const struct plan *plan, const int32_t *bell) {
  return __atomic_load_n(bell, __ATOMIC_SEQ_CST) != (int32_t)plan->heard;
}

/* Sleeps to the deadline. `bell_rang` where a command comes in before, 0 otherwise; or a negative errno. */
static int wait_until(const struct plan *plan, double deadline_ms, const int32_t *bell) {
  struct pollfd wake = {.fd = (int)plan->wake_file, .events = POLLIN};
  for (;;) {
    if (has_rung(plan, bell)) return bell_rang;
    double remaining_ms = deadline_ms - now_ms(plan);
    if (!(remaining_ms > 0)) return 0;
    double seconds = floor(remaining_ms / 1000);
    struct timespec timeout = {.tv_sec = (time_t)seconds,
                               .tv_nsec = (long)((remaining_ms - seconds * 1000) * 1e6)};
    int ready = ppoll(&wake, 1, &timeout, NULL);
    if (ready < 0 && errno != EINTR) return -errno;
    if (ready <= 0) continue;
    if ((wake.revents & POLLIN) == 0) return -EIO;
    /* Taken back, so that it wakes once. Another thread's command may have been obeyed already: then there is none. */
    eventfd_t rings;
    (void)eventfd_read(wake.fd, &rings);
  }
}

static int is_sound(const struct plan *plan) {
  return plan->first_tick >= 0 && plan->ticks >= 1 && plan->first_tick + plan->ticks < 1e6 && plan->every_ms > 0 &&
         plan->entry_room >= 0 && plan->stat_room >= 1 && plan->processes >= 0 && plan->stat_file >= 0 && plan->wake_file >= 0;
}

int corescope_layout_version(void) { return layout_version; }

/* A file that wakes who sleeps in `corescope_take_glances` when 8 bytes, a 1, are written to it; or a negative errno. */
int corescope_open_wake_file(void) {
  int file = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return file < 0 ? -errno : file;
}

/*
 * Takes up to `plan->ticks` ticks, for as long as none has anything to decide. `taken` gets how many; the last of them
 * is the one that a `not_quiet` is about.
 */
int corescope_take_glances(struct plan *plan, const int32_t *bell, const int32_t *pids, const double *told_ns,
                           const double *searched_at_forks, struct tick *ticks, const int32_t *places, double *cpu_ns,
                           unsigned char *stat, int32_t *taken) {
  const struct known known = {pids, told_ns, searched_at_forks};
  *taken = 0;
  if (!is_sound(plan)) return -EINVAL;
  const size_t entry_room = (size_t)plan->entry_room, stat_room = (size_t)plan->stat_room;
  for (size_t index = 0; index < (size_t)plan->ticks; index += 1) {
    const size_t slot = (size_t)plan->first_tick + index;
    struct tick *tick = &ticks[slot];
    const int32_t *tick_places = places + slot * entry_room;
    double *tick_ns = cpu_ns + slot * entry_room;
    if (!(tick->count >= 0 && tick->count <= plan->entry_room)) return -EINVAL;
    double deadline_ms = plan->first_deadline_ms + (double)index * plan->every_ms;
    int waited = wait_until(plan, deadline_ms, bell);
    if (waited != 0) return waited;
    int problem = read_tick(plan, tick, pids, tick_places, tick_ns, stat + slot * stat_room);
    if (problem != 0) return problem;
    *taken += 1;
    if (!is_quiet(plan, tick, &known, tick_places, tick_ns)) return not_quiet;
    double next_ms = deadline_ms + plan->every_ms;
    if (now_ms(plan) >= next_ms || next_ms - tick->started_at_ms < plan->least_apart_ms) return was_late;
  }
  return all_taken;
}
