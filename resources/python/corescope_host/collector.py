"""The host's account of a run: takes the workers' messages, keeps results, passes events on."""

import os
import sys
import time

from .event_channel import write_events


class Collector:
    """Threads may call accept at the same time: each step is atomic under the interpreter's own locks."""

    def __init__(self, tasks):
        self._results = [None] * tasks
        self._ready_ns = []
        self._worker_cpu_seconds = []

    def accept(self, message):
        kind = message[0]
        if kind == "ready":
            _, ns, worker = message
            self._ready_ns.append(ns)
            write_events([{"type": "worker-ready", "ns": str(ns), "worker": worker}])
        elif kind == "tasks":
            for task, _, result in message[1]:
                self._results[task] = result
            write_events(
                [{"type": "task-finished", "ns": str(ns), "task": task} for task, ns, _ in message[1]]
            )
        elif kind == "done":
            self._worker_cpu_seconds.append(message[1])
        else:
            give_up(message[1])

    def results(self):
        """One text per task, in task order."""
        missing = [task for task, result in enumerate(self._results) if result is None]
        if missing:
            raise RuntimeError("task %d has no result" % missing[0])
        return self._results

    def last_ready_ns(self):
        return max(self._ready_ns)

    def worker_cpu_seconds(self):
        """CPU time that workers which are processes have reported of themselves."""
        return sum(self._worker_cpu_seconds)


def give_up(text):
    """Reports the failure and ends the host, whatever its other threads are doing."""
    sys.stdout.flush()
    sys.stderr.flush()
    write_events([{"type": "failed", "ns": str(time.perf_counter_ns()), "message": text}])
    os._exit(1)
