"""The host's account of a run: takes the workers' batches, keeps results, passes events on."""

import threading
import time
from functools import partial

from .ending import ending, signal_name
from .event_channel import event_line, share_lines, task_line, write_event, write_lines

LOST = "lost"

_CAN_WAIT = ("share-tasks", "started", "finished", "usage")


class Collector:
    """Threads may call at the same time."""

    def __init__(self, plan):
        self._observe = plan.observe
        self._results = [None] * plan.tasks
        self._workers = {}
        self._last_ready_ns = None
        self._last_finished_ns = None
        self._usage = {}
        self._gil_told = None
        # A pool's workers speak over two ways at once, so a batch can overtake the one before it.
        self._next_batch = {}
        self._early = {}
        self._lock = threading.Lock()
        # By worker: when its last task was finished, when that was known here, and what went by between its tasks.
        self._last_finished_of = {}
        self._received_of = {}
        self._between_ns = {}
        self._accepted_ns = 0

    def accept(self, batch):
        failure = None
        accepted_ns = time.perf_counter_ns()
        with self._lock:
            self._accepted_ns = accepted_ns
            index, number, _ = batch
            self._early[index, number] = batch
            lines = []
            # Only what has been done can wait: where workers are, and what they have to say, is wanted at once.
            hold = not self._observe
            while True:
                number = self._next_batch.setdefault(index, 0)
                batch = self._early.pop((index, number), None)
                if batch is None:
                    break
                self._next_batch[index] = number + 1
                for item in batch[2]:
                    hold = hold and item[0] in _CAN_WAIT
                    failure = self._take(index, item, lines) or failure
            if lines:
                write_lines(lines, hold=hold)
        if failure is not None:
            ending.give_up(*failure)

    def _take(self, index, item, lines):
        """Returns (text, worker) where the run has to end."""
        kind, ns = item[0], item[1]
        if kind == "started":
            if index in self._last_finished_of:
                idle_ns = max(0, ns - self._last_finished_of[index])
                self._between_ns[index] = self._between_ns.get(index, 0) + idle_ns
            lines.append(task_line("task-started", ns, item[2], index))
        elif kind == "finished":
            self._results[item[2]] = item[3]
            self._last_finished_of[index] = ns
            self._received_of[index] = self._accepted_ns
            self._last_finished_ns = max(ns, self._last_finished_ns or ns)
            lines.append(task_line("task-finished", ns, item[2], index))
        elif kind == "share-tasks":
            self._take_share(index, ns, item[2:], lines)
        elif kind == "usage":
            self._usage[index] = item[2:]
        elif kind == "ready":
            self._workers[index] = item[2]
            self._last_ready_ns = max(ns, self._last_ready_ns or ns)
            lines.append(event_line("worker-ready", ns, worker=item[2]))
        elif kind == "metric":
            lines.append(event_line("metric", ns, name=item[2], value=item[3], unit=item[4], worker=index))
        elif kind == "note":
            lines.append(event_line("note", ns, text=item[2], worker=index))
        elif kind == "gil":
            self._tell_gil(ns, item[2], item[3], lines)
        else:
            return self._take_failure(index, ns, item[-1], lines)
        return None

    def _take_share(self, index, ns, fields, lines):
        first, step, ends_ns, texts, first_is_told, next_is_started, sending_ns = fields
        self._results[first : first + len(texts) * step : step] = texts
        finished_ns = ends_ns[-1]
        self._between_ns[index] = self._between_ns.get(index, 0) + sending_ns
        self._last_finished_of[index] = finished_ns
        self._received_of[index] = self._accepted_ns
        self._last_finished_ns = max(finished_ns, self._last_finished_ns or finished_ns)
        lines.append(partial(share_lines, index, ns, first, step, ends_ns, first_is_told, next_is_started))

    def _take_failure(self, index, ns, text, lines):
        name = self._workers[index]["name"] if index in self._workers else "worker %d" % (index + 1)
        if not self._observe:
            return ("%s failed: %s" % (name, text), index)
        lines.append(event_line("note", ns, text="%s: %s" % (name, text), worker=index))
        return None

    def tell_gil(self, change):
        """The lock as the host's own imports have left it; `change` as gil.py gives it."""
        if change is None:
            return
        lines = []
        with self._lock:
            self._tell_gil(time.perf_counter_ns(), change[0], change[1], lines)
            write_lines(lines)

    def _tell_gil(self, ns, enabled, culprit, lines):
        # Every spawned worker imports the same modules and finds the same out.
        if self._gil_told != (enabled, culprit):
            self._gil_told = (enabled, culprit)
            lines.append(event_line("gil", ns, enabled=enabled, culprit=culprit))

    def note(self, text):
        write_event("note", time.perf_counter_ns(), text=text, worker=None)

    def worker_exited(self, index, pid, code, cpu_seconds=None):
        """`code` as multiprocessing has it: negative for a signal. CPU time, if not given, as the worker told it."""
        told_cpu_seconds, max_rss_bytes = self._usage.get(index, (None, None))
        line = event_line(
            "worker-exited",
            time.perf_counter_ns(),
            index=index,
            pid=pid,
            code=None if code is None or code < 0 else code,
            signal=signal_name(code),
            cpuSeconds=told_cpu_seconds if cpu_seconds is None else cpu_seconds,
            maxRssBytes=max_rss_bytes,
        )
        write_lines([line], hold=not self._observe)

    def worker_cpu_seconds(self):
        """CPU time that workers which are processes have reported of themselves."""
        return sum(cpu_seconds for cpu_seconds, _ in self._usage.values())

    def worker_of_pid(self, pid):
        """The index of a worker process; None of one that never got ready."""
        for index, worker in self._workers.items():
            if worker["pid"] == pid:
                return index
        return None

    def results(self):
        """One text per task, in task order, and how many are lost."""
        missing = [task for task, result in enumerate(self._results) if result is None]
        if missing and not self._observe:
            raise RuntimeError("task %d has no result" % missing[0])
        return [LOST if result is None else result for result in self._results], len(missing)

    def message_ns(self):
        """How long a worker was held up by messages, on average: while it sent results or waited for its next task, and
        from its last task on until the host had the result. None where no worker has finished a task."""
        sums = [
            self._between_ns.get(index, 0) + max(0, self._received_of[index] - ns)
            for index, ns in self._last_finished_of.items()
        ]
        return sum(sums) // len(sums) if sums else None

    def phases_ns(self, started_ns, ended_ns):
        """(start-up, work, tear-down), whose sum is the whole. A worker that is late for all work adds to start-up."""
        ready_ns = ended_ns if self._last_ready_ns is None else self._last_ready_ns
        worked_ns = max(ready_ns, self._last_finished_ns or ready_ns)
        return (ready_ns - started_ns, worked_ns - ready_ns, ended_ns - worked_ns)
