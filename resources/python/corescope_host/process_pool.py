"""A ProcessPoolExecutor whose workers tell what they do; for the strategies that use one."""

import multiprocessing
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from .ending import ending
from .executor_run import start_all_workers
from .pool_worker import begin_process
from .worker_processes import WorkerProcesses, describe_death

# What the workers said before they ended is in the pipe by then; only a grandchild that holds it open makes us wait.
_LAST_WORDS_SECONDS = 1.0


class ProcessPool:
    def __init__(self, plan, collector, shared):
        context = multiprocessing.get_context(plan.start_method)
        self._plan = plan
        self._collector = collector
        self._processes = WorkerProcesses(context, collector)
        tickets = context.SimpleQueue()
        reader, writer = context.Pipe(duplex=False)
        known = set(multiprocessing.active_children())
        self.executor = ProcessPoolExecutor(
            max_workers=plan.workers,
            mp_context=context,
            initializer=begin_process,
            initargs=(plan, tickets, shared, writer, context.Lock()),
        )
        start_all_workers(self.executor, plan.workers, tickets.put)
        # All have been started and none can have ended: those that have no ticket wait for it.
        self._workers = [child for child in multiprocessing.active_children() if child not in known]
        for process in self._workers:
            self._processes.add(process)
        # With the host's end closed, the end of the last worker shows as the end of the pipe.
        writer.close()
        self._listener = threading.Thread(target=self._listen, args=(reader,), name="messages", daemon=True)
        self._listener.start()

    def _listen(self, reader):
        while True:
            try:
                batch = reader.recv()
            except (EOFError, OSError):
                return
            self._collector.accept(batch)

    def finish(self, problem):
        """Ends the pool and tells of its workers. `problem` is what the executor said, None where all went well."""
        self.executor.shutdown(wait=True)
        self._listener.join(_LAST_WORDS_SECONDS)
        for process in sorted(self._workers, key=lambda worker: worker.pid):
            index = self._collector.worker_of_pid(process.pid)
            if index is not None:
                self._processes.exited(index, process)
        if problem is None:
            return
        if not isinstance(problem, BrokenProcessPool):
            raise problem
        text = self._describe_breach()
        if not self._plan.observe:
            ending.give_up(*text)
        self._collector.note("The pool is broken: %s. Its other tasks are lost." % text[0])

    def _describe_breach(self):
        """The executor ends the other workers by SIGTERM: the one that ended in another way was the first."""
        dead = [process for process in self._workers if process.exitcode != 0]
        first = next((process for process in dead if process.exitcode != -signal.SIGTERM), None)
        if first is None:
            first = dead[0] if dead else None
        if first is None:
            return ("the process pool broke, though all its workers ended well", None)
        index = self._collector.worker_of_pid(first.pid)
        name = "a worker" if index is None else "worker %d" % (index + 1)
        return (describe_death(name, first), index)

    def cpu_seconds(self):
        return self._processes.cpu_seconds()
