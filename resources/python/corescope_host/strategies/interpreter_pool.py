"""concurrent.futures.InterpreterPoolExecutor (Python 3.14): threads, each with an interpreter and a lock of its own.

Interpreters share neither objects nor locks. Tickets and what cannot wait go through pipes of the one process.
"""

import os
import pickle
import sys
import threading

from ..executor_run import start_all_workers, submit_all
from ..pool_worker import FRAME_HEAD_BYTES, TICKET_BYTES, begin_interpreter, do_task
from ..work import WorkProblem

CHANNEL = "pickle"


def run(plan, collector, shared, executor_class=None):
    executor_class = executor_class or _find_executor_class()
    tickets_reader, tickets_writer = os.pipe()
    frames_reader, frames_writer = os.pipe()
    executor = executor_class(
        max_workers=plan.workers,
        thread_name_prefix="worker",
        initializer=begin_interpreter,
        initargs=(plan, tickets_reader, shared, frames_writer),
    )
    listener = threading.Thread(target=_listen, args=(frames_reader, collector.accept), name="messages")
    listener.start()
    start_all_workers(
        executor,
        plan.workers,
        lambda index: os.write(tickets_writer, index.to_bytes(TICKET_BYTES, "little")),
    )
    submitted = submit_all(executor, do_task, plan.tasks, collector.accept)
    submitted.wait()
    executor.shutdown(wait=True)
    os.close(frames_writer)
    listener.join()
    for descriptor in (tickets_reader, tickets_writer, frames_reader):
        os.close(descriptor)
    if submitted.problem is not None:
        raise submitted.problem
    for index in range(plan.workers):
        collector.worker_exited(index, os.getpid(), 0)
    return 0.0


def _find_executor_class():
    try:
        from concurrent.futures import InterpreterPoolExecutor
    except ImportError:
        version = sys.version.split()[0]
        raise WorkProblem("a pool of interpreters needs Python 3.14 or newer; this is %s" % version) from None
    return InterpreterPoolExecutor


def _listen(descriptor, accept):
    while True:
        head = _read_all(descriptor, FRAME_HEAD_BYTES)
        if head is None:
            return
        accept(pickle.loads(_read_all(descriptor, int.from_bytes(head, "little"))))


def _read_all(descriptor, count):
    """None at the end of the pipe. A frame was written at once, but may be read in parts."""
    parts = b""
    while len(parts) < count:
        part = os.read(descriptor, count - len(parts))
        if not part:
            return None
        parts += part
    return parts
