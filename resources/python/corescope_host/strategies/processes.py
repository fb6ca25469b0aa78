"""One multiprocessing.Process per share, by the start method that this Python chooses by itself.

Each worker has a pipe of its own to the host. A pipe rather than the event descriptor, because that is inherited by
fork only; one each rather than a shared queue, because a queue needs a lock and a feeder thread in every worker.
"""

import multiprocessing
import os
import signal
import time
from multiprocessing.connection import wait

from ..collector import give_up
from ..share import do_share

try:
    import resource
except ImportError:  # Windows
    resource = None


def run(plan, collector, start_method=None):
    """Returns the CPU seconds of all workers."""
    context = multiprocessing.get_context(start_method)
    children_before = _children_cpu_seconds()
    workers = []
    _go_after_workers(workers)
    open_readers = {}
    for index in range(plan.workers):
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(plan, index, writer), name="worker %d" % (index + 1))
        process.start()
        # With the host's end closed, the end of the worker shows as the end of its pipe.
        writer.close()
        workers.append(process)
        open_readers[reader] = index
    done = set()
    while open_readers:
        for reader in wait(list(open_readers)):
            index = open_readers[reader]
            try:
                message = reader.recv()
            except EOFError:
                reader.close()
                del open_readers[reader]
                if index not in done:
                    _fail(workers, _describe_end(workers[index]))
                continue
            if message[0] == "done":
                done.add(index)
            elif message[0] == "failed":
                _fail(workers, message[1])
            collector.accept(message)
    for process in workers:
        process.join()
    # The kernel has added up all that a joined child used, its start and its end included. Children of a fork
    # server are joined by the server, not by us: there, what they said of themselves has to do.
    if resource is not None and context.get_start_method() in ("fork", "spawn"):
        return _children_cpu_seconds() - children_before
    return collector.worker_cpu_seconds()


def work(plan, index, writer):
    """In the worker."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if do_share(plan, index, writer.send):
        writer.send(("done", time.process_time_ns() / 1e9))
    writer.close()


def _children_cpu_seconds():
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _go_after_workers(workers):
    """On SIGTERM the host goes only after its workers: whoever ends the group then finds no zombie of ours."""
    host_pid = os.getpid()

    def on_terminate(_number, _frame):
        # A worker that has just been forked has this handler as well, until it resets it.
        if os.getpid() == host_pid:
            _end(workers)
        os._exit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, on_terminate)


def _end(workers):
    for process in workers:
        process.kill()
    for process in workers:
        process.join()


def _fail(workers, text):
    _end(workers)
    give_up(text)


def _describe_end(process):
    process.join()
    code = process.exitcode
    how = "exit code %d" % code
    if code < 0:
        try:
            how = "signal %s" % signal.Signals(-code).name
        except ValueError:
            how = "signal %d" % -code
    return "%s (pid %d) ended with %s before it had done its share" % (process.name, process.pid, how)
