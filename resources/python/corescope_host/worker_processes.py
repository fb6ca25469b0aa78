"""Worker processes, seen from the host: their exits and their CPU time."""

from multiprocessing.util import get_temp_dir

from .ending import describe_exit, ending
from .usage import can_ask_for_children, children_cpu_seconds


class WorkerProcesses:
    """multiprocessing.Process objects by worker index. What is added is ended with the host."""

    def __init__(self, context, collector):
        self._collector = collector
        # A fork server waits for its children itself: there, what they said of themselves has to do.
        self._kernel_adds_up = can_ask_for_children and context.get_start_method() in ("fork", "spawn")
        if context.get_start_method() == "forkserver":
            # The server's socket lies there.
            ending.folders_of_python.append(get_temp_dir())
        self._before_seconds = children_cpu_seconds()

    def add(self, process):
        ending.processes.append(process)

    def exited(self, index, process):
        """Waits for the end of the process and tells it."""
        before_seconds = children_cpu_seconds()
        process.join()
        # The kernel knows it to the end, and of one that died without a word. Not where an executor has waited for it.
        used_seconds = children_cpu_seconds() - before_seconds
        known = self._kernel_adds_up and used_seconds > 0
        self._collector.worker_exited(index, process.pid, process.exitcode, used_seconds if known else None)

    def cpu_seconds(self):
        """Of all that have been waited for, their starts and ends included."""
        if self._kernel_adds_up:
            return children_cpu_seconds() - self._before_seconds
        return self._collector.worker_cpu_seconds()


def describe_death(name, process):
    return "%s (pid %d) ended with %s before it had done its share" % (
        name,
        process.pid,
        describe_exit(process.exitcode),
    )
