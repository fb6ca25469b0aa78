"""One worker's share of a run: every workers-th task, in order."""

import time
from operator import sub

from .context import worker_context
from .gil import gil_change, watch_imports
from .work import describe_error, exit_code_of, load_work, print_error, require_text


def do_share(plan, index, shared, outbox, kind):
    """Returns the exit code of the worker. Never raises what the work raises: it sends it."""
    try:
        _do_tasks(plan, index, shared, outbox, kind)
    except BaseException as error:
        print_error(error)
        outbox.failed(describe_error(error))
        return exit_code_of(error)
    return 0


# A line of events has an upper limit (mostTasksPerMessage in protocol.ts).
_MOST_TASKS_PER_MESSAGE = 1000


def _do_tasks(plan, index, shared, outbox, kind):
    watch_imports()
    work = load_work(plan)
    share = _Share(plan, index, outbox)
    share.begin(kind)
    outbox.gil_changed(gil_change())
    context = worker_context(plan, index, shared, outbox)
    run, params, clock = work.run, plan.params, time.perf_counter_ns
    try:
        for task in range(index, plan.tasks, plan.workers):
            text = run(params, context(task))
            if not isinstance(text, str):
                require_text(text)
            # The end of one task is the start of the next: one reading of the clock serves both.
            ns = clock()
            share.texts.append(text)
            share.ends_ns.append(ns)
            if ns >= share.due_ns or len(share.texts) >= _MOST_TASKS_PER_MESSAGE:
                share.tell()
    finally:
        share.tell()
    # Some modules are imported by the work itself.
    outbox.gil_changed(gil_change())
    outbox.flush()


class _Share:
    """What of a worker's share has been done and not been told yet."""

    def __init__(self, plan, index, outbox):
        self._outbox = outbox
        self._tasks = plan.tasks
        self._step = plan.workers
        self._first = index
        self._first_is_told = index < plan.tasks
        self._sending_ns = 0
        self._began_ns = 0
        self.due_ns = 0
        self.texts = []
        self.ends_ns = []

    def begin(self, kind):
        self._begin_at(self._outbox.ready(kind, first_task=self._first if self._first_is_told else None))

    def _begin_at(self, ns):
        self._began_ns = ns
        self.due_ns = ns + self._outbox.every_ns

    def tell(self):
        if not self.texts:
            return
        ends_ns, texts = self.ends_ns, self.texts
        following = self._first + len(texts) * self._step
        follows = following < self._tasks
        lengths_ns = list(map(sub, ends_ns, [self._began_ns] + ends_ns[:-1]))
        self.texts = []
        self.ends_ns = []
        self._outbox.share_tasks(
            self._began_ns, self._first, self._step, lengths_ns, texts, self._first_is_told, follows, self._sending_ns
        )
        self._first = following
        self._first_is_told = follows
        self._begin_at(time.perf_counter_ns())
        self._sending_ns = self._began_ns - ends_ns[-1]
