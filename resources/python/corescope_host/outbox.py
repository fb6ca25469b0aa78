"""What one worker has to say, gathered into batches.

A batch is (worker index, number of the batch from 0, items). Items are tuples that begin with their kind and the
monotonic clock:

    ("ready", ns, {index, name, pid, tid, kind})    about to begin its first task
    ("share-tasks", ns, first task, step, ends_ns, texts, first_is_told, next_is_started, sending_ns)
                                                    tasks of a share, one right after the other; see protocol.ts
    ("started", ns, task)
    ("finished", ns, task, result text)
    ("task-failed", ns, task, text)                 the task raised; the worker goes on
    ("failed", ns, text)                            the worker gives up
    ("metric", ns, name, value, unit)
    ("note", ns, text)
    ("gil", ns, enabled, culprit or None)
    ("usage", ns, cpu_seconds, max_rss_bytes or None)
"""

import math
import os
import threading
import time

# Tasks are told at most four times a second: telling takes time from the worker's tasks, and from those of others that
# share the lock or the core with it. More often than that nobody can follow.
TELL_EVERY_NS = 250000000


class Outbox:
    def __init__(self, index, send, observe=False):
        self._index = index
        self._send = send
        # Where workers are expected to die, nothing may be lost that was finished before.
        self.every_ns = 0 if observe else TELL_EVERY_NS
        self._told_ns = time.perf_counter_ns()
        self._batches = 0
        self._items = []
        # A workload may note something from a thread of its own (a watchdog).
        self._lock = threading.Lock()

    def ready(self, kind, name=None, first_task=None):
        """Returns when. `first_task` begins at the same time."""
        worker = {
            "index": self._index,
            "name": name or "worker %d" % (self._index + 1),
            "pid": os.getpid(),
            "tid": threading.get_native_id(),
            "kind": kind,
        }
        ns = time.perf_counter_ns()
        with self._lock:
            self._items.append(("ready", ns, worker))
            if first_task is not None:
                self._items.append(("started", ns, first_task))
            self._send_now(ns)
        return ns

    def share_tasks(self, ns, *fields):
        with self._lock:
            self._items.append(("share-tasks", ns) + fields)
            self._send_now(time.perf_counter_ns())

    def started(self, task):
        ns = time.perf_counter_ns()
        with self._lock:
            self._items.append(("started", ns, task))
            self._send_when_due(ns)

    def finished(self, task, text, hold=False):
        """With `hold` the batch is left for `take`."""
        ns = time.perf_counter_ns()
        with self._lock:
            self._items.append(("finished", ns, task, text))
            if not hold:
                self._send_when_due(ns)

    def task_failed(self, task, text):
        with self._lock:
            self._items.append(("task-failed", time.perf_counter_ns(), task, text))

    def failed(self, text):
        self._add_and_send("failed", text)

    def report(self, name, value, unit):
        """A figure that the workload has measured itself. What is no number is noted, not told as one."""
        if not math.isfinite(value):
            self.note('"%s" could not be measured (%r)' % (name, value))
            return
        with self._lock:
            self._items.append(("metric", time.perf_counter_ns(), name, value, unit))

    def note(self, text):
        # At once: the next thing that happens may be that this worker hangs.
        self._add_and_send("note", text)

    def gil_changed(self, change):
        if change is not None:
            self._add_and_send("gil", *change)

    def usage(self, usage):
        with self._lock:
            self._items.append(("usage", time.perf_counter_ns()) + usage)

    def flush(self):
        with self._lock:
            self._send_now(time.perf_counter_ns())

    def take(self):
        """The batch that has gathered, for a pool to hand over as the result of its task."""
        with self._lock:
            return self._next_batch()

    def _add_and_send(self, kind, *fields):
        ns = time.perf_counter_ns()
        with self._lock:
            self._items.append((kind, ns) + fields)
            self._send_now(ns)

    def _send_when_due(self, ns):
        if ns - self._told_ns >= self.every_ns:
            self._send_now(ns)

    def _send_now(self, ns):
        if self._items:
            self._told_ns = ns
            self._send(self._next_batch())

    def _next_batch(self):
        batch = (self._index, self._batches, self._items)
        self._batches += 1
        self._items = []
        return batch
