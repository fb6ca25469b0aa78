"""A worker of a pool, in whatever the pool runs it: a thread, a process or an interpreter of its own.

The executor calls `begin_...` once in each worker and `do_task` for each task. What a worker has to say goes back
as the result of its task; only what cannot wait (that it is ready, that a long task has begun, a note) goes by a
way of its own.
"""

import os
import pickle
import select
import signal
import threading

from .context import worker_context
from .gil import gil_change, watch_imports
from .outbox import Outbox
from .usage import own_usage
from .thread_name import name_kernel_thread
from .work import describe_error, load_work, print_error, require_text


class PoolWorker:
    def __init__(self, plan, index, shared, outbox, kind):
        self._plan = plan
        self._outbox = outbox
        self._tells_usage = kind == "process"
        self._hands_over = kind != "thread"
        self._context = worker_context(plan, index, shared, outbox)
        self._work = None
        self._problem = None
        # An exception here would break the whole pool and hide its own reason.
        try:
            watch_imports()
            self._work = load_work(plan)
        except BaseException as error:
            self._problem = error
        if self._tells_usage:
            outbox.usage(own_usage())
        outbox.ready(kind)
        outbox.gil_changed(gil_change())

    def do_task(self, task):
        outbox = self._outbox
        outbox.started(task)
        try:
            if self._problem is not None:
                raise self._problem
            text = require_text(self._work.run(self._plan.params, self._context(task)))
        except BaseException as error:
            print_error(error)
            outbox.task_failed(task, describe_error(error))
            outbox.gil_changed(gil_change())
            if not self._hands_over:
                outbox.flush()
        else:
            outbox.gil_changed(gil_change())
            outbox.finished(task, text, hold=self._hands_over)
        return self._hand_over()

    def call(self, function, arguments):
        """For a part of a task whose worker is elsewhere."""
        return function(*arguments), self._hand_over()

    def _hand_over(self):
        if not self._hands_over:
            return None
        if self._tells_usage:
            # With every task: the worker does not learn which is its last.
            self._outbox.usage(own_usage())
        return self._outbox.take()


# By thread, for the workers of a thread pool share this module. (Not threading.local: an executor of interpreters
# may enter the interpreter in a new thread state each time.)
_workers = {}


def begin_thread(plan, indices, tickets, shared, accept, outboxes):
    index = indices.get()
    # Before the ticket: nobody computes yet.
    name_kernel_thread(threading.get_native_id(), "worker %d" % (index + 1))
    tickets.get()
    outbox = Outbox(index, accept, plan.observe)
    # A worker does not learn which task is its last: the host sends what is left.
    outboxes.append(outbox)
    _begin(plan, index, shared, outbox, "thread")


def begin_process(plan, tickets, shared, writer, writer_lock):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def send(batch):
        with writer_lock:
            writer.send(batch)

    index = tickets.get()
    _begin(plan, index, shared, Outbox(index, send, plan.observe), "process")


def begin_interpreter(plan, tickets_descriptor, shared, frames_descriptor):
    """The interpreters of one process share no locks, but its descriptors."""
    index = int.from_bytes(os.read(tickets_descriptor, TICKET_BYTES), "little")
    name_kernel_thread(threading.get_native_id(), "worker %d" % (index + 1))

    def send(batch):
        os.write(frames_descriptor, to_frame(batch))

    _begin(plan, index, shared, Outbox(index, send, plan.observe), "interpreter")


def _begin(plan, index, shared, outbox, kind):
    _workers[threading.get_ident()] = PoolWorker(plan, index, shared, outbox, kind)


def do_task(task):
    return _workers[threading.get_ident()].do_task(task)


def call_function(function, arguments):
    return _workers[threading.get_ident()].call(function, arguments)


def arrive():
    """Asked once per worker so that the executor starts them all; each is held up by its ticket until they are."""


TICKET_BYTES = 4
FRAME_HEAD_BYTES = 4
# A write of up to PIPE_BUF bytes does not mix with others: 4096 on Linux, at least 512 by POSIX. What is sent by this
# way (a ready, a started task, a note) has some 200; a longer note is cut.
LONGEST_FRAME_BYTES = getattr(select, "PIPE_BUF", 512)


def to_frame(batch):
    body = pickle.dumps(batch)
    if FRAME_HEAD_BYTES + len(body) > LONGEST_FRAME_BYTES:
        index, number, items = batch
        body = pickle.dumps((index, number, [_shorten(item) for item in items]))
    return len(body).to_bytes(FRAME_HEAD_BYTES, "little") + body


def _shorten(item):
    return item[:2] + tuple(part[:80] if isinstance(part, str) else part for part in item[2:])
