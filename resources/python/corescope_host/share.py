"""One worker's share of a run: every workers-th task, in order."""

import time

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


def _do_tasks(plan, index, shared, outbox, kind):
    watch_imports()
    work = load_work(plan)
    share = _Share(plan, index, outbox)
    # One for all tasks, for none begins before the one before has ended.
    context = worker_context(plan, index, shared, outbox)(index)
    run, params, clock = work.run, plan.params, time.perf_counter_ns
    add_text, add_end_ns = share.texts.append, share.ends_ns.append
    due_ns = share.begin(kind)
    outbox.gil_changed(gil_change())
    try:
        for task in range(index, plan.tasks, plan.workers):
            context.task = task
            text = run(params, context)
            if text.__class__ is not str:
                require_text(text)
            # The end of one task is the start of the next: one reading of the clock serves both.
            ns = clock()
            add_text(text)
            add_end_ns(ns)
            if ns >= due_ns:
                due_ns = share.tell()
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
        self.texts = []
        self.ends_ns = []

    def begin(self, kind):
        """Returns when there is something to tell at the earliest, as `tell` does."""
        return self._begin_at(self._outbox.ready(kind, first_task=self._first if self._first_is_told else None))

    def _begin_at(self, ns):
        self._began_ns = ns
        return ns + self._outbox.every_ns

    def tell(self):
        if not self.texts:
            return self._begin_at(time.perf_counter_ns())
        # The lists themselves stay, for the loop holds on to them.
        ends_ns, texts = self.ends_ns[:], self.texts[:]
        self.ends_ns.clear()
        self.texts.clear()
        following = self._first + len(texts) * self._step
        follows = following < self._tasks
        self._outbox.share_tasks(
            self._began_ns, self._first, self._step, ends_ns, texts, self._first_is_told, follows, self._sending_ns
        )
        self._first = following
        self._first_is_told = follows
        due_ns = self._begin_at(time.perf_counter_ns())
        self._sending_ns = self._began_ns - ends_ns[-1]
        return due_ns
