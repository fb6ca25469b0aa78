"""What the three pools of concurrent.futures have in common, seen from the host."""

import threading
from concurrent.futures import CancelledError

from .pool_worker import arrive


def start_all_workers(executor, workers, give_ticket):
    """Executors start a worker only when a task finds none idle, which short tasks always do.

    So that the pool has the size that was asked for, each worker waits for its ticket (a number) in its initializer,
    and the tickets are given out when all are on their way. The wait is not longer than it takes to start the rest.
    """
    for _ in range(workers):
        executor.submit(arrive)
    for index in range(workers):
        give_ticket(index)


class Submitted:
    """All tasks of a run in an executor: counts them as they end."""

    def __init__(self, tasks, accept):
        self._left = tasks
        self._accept = accept
        self._lock = threading.Lock()
        self._all_ended = threading.Event()
        # The first exception that came from the executor itself; what tasks raise comes in their batches.
        self.problem = None

    def add(self, future):
        # In the executor's own thread: waking the main thread for each task would cost another hand-over.
        future.add_done_callback(self._on_end)

    def _on_end(self, future):
        try:
            batch = future.result()
        except (Exception, CancelledError) as error:
            self.lose(1, error)
        else:
            if batch is not None:
                self._accept(batch)
            self._count(1)

    def lose(self, tasks, error):
        if self.problem is None:
            self.problem = error
        self._count(tasks)

    def _count(self, tasks):
        with self._lock:
            self._left -= tasks
            if self._left <= 0:
                self._all_ended.set()

    def wait(self):
        self._all_ended.wait()


def submit_all(executor, do_task, tasks, accept):
    submitted = Submitted(tasks, accept)
    for task in range(tasks):
        try:
            future = executor.submit(do_task, task)
        except Exception as error:
            # The pool broke while it was being filled.
            submitted.lose(tasks - task, error)
            break
        submitted.add(future)
    return submitted
