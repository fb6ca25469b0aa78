"""One multiprocessing.Process per share.

Each worker has a pipe of its own to the host. A pipe rather than the event descriptor, because that is inherited by
fork only; one each rather than a shared queue, because a queue needs a lock, which a dying worker takes with it.
"""

import multiprocessing
import signal
import sys
from multiprocessing.connection import wait

from ..ending import ending
from ..outbox import Outbox
from ..share import do_share
from ..usage import own_usage
from ..worker_processes import WorkerProcesses, describe_death

CHANNEL = "pickle"

# How late the end of a worker is noticed at most where its sentinel does not tell it. The host's few looks a second
# cost microseconds.
_LOOK_EVERY_SECONDS = 0.1


def run(plan, collector, shared):
    context = multiprocessing.get_context(plan.start_method)
    processes = WorkerProcesses(context, collector)
    workers = []
    readers = {}
    for index in range(plan.workers):
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(
            target=work, args=(plan, index, shared, writer), name="worker %d" % (index + 1)
        )
        process.start()
        # With the host's end closed, the end of the worker shows as the end of its pipe.
        writer.close()
        processes.add(process)
        workers.append(process)
        readers[reader] = index
    sentinels = {process.sentinel: index for index, process in enumerate(workers)}
    while sentinels:
        awake = wait(list(readers) + list(sentinels), timeout=_LOOK_EVERY_SECONDS)
        for reader in awake:
            if reader in readers and not _receive(reader, collector):
                del readers[reader]
        for sentinel, index in list(sentinels.items()):
            # Asked of the system as well: a child that a worker leaves behind holds its pipes and its sentinel open.
            if sentinel in awake or workers[index].exitcode is not None:
                del sentinels[sentinel]
                _hear_out(index, readers, collector)
                processes.exited(index, workers[index])
                if not plan.observe and workers[index].exitcode != 0:
                    ending.give_up(describe_death(workers[index].name, workers[index]), index)
    return processes.cpu_seconds()


def _hear_out(index, readers, collector):
    """Takes what a worker said before its end."""
    for reader in [reader for reader, of in readers.items() if of == index]:
        while reader.poll() and _receive(reader, collector):
            pass
        del readers[reader]


def _receive(reader, collector):
    """False at the end of the pipe, or of a worker in the middle of a message."""
    try:
        batch = reader.recv()
    except (EOFError, OSError):
        reader.close()
        return False
    collector.accept(batch)
    return True


def work(plan, index, shared, writer):
    """In the worker."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    outbox = Outbox(index, writer.send, plan.observe)
    code = do_share(plan, index, shared, outbox, "process")
    outbox.usage(own_usage())
    outbox.flush()
    writer.close()
    sys.exit(code)
