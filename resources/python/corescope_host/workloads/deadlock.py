"""Even tasks take lock A and then B, odd ones B and then A, the second when both hold their first."""

import time

from ..context import Prepared
from ..work import WorkProblem
from .shared_memory_parts import new_lock, new_words

_NAMES = "AB"
# Longer than any worker takes to start.
_MOST_WAIT_SECONDS = 10
_LOOK_EVERY_SECONDS = 0.002


class _Table:
    """Who holds what and waits for what. Workers and locks are stored from 1; 0 is none."""

    def __init__(self, context):
        self.locks = [new_lock(context), new_lock(context)]
        self.holders = new_words(context, 2)
        self.waits = new_words(context, context.workers)
        # By first lock: whether a task holds it as its first.
        self.arrived = new_words(context, 2)
        # Taken by the one that tells, for good.
        self.told = new_lock(context)


def prepare(context):
    return Prepared(shared=_Table(context))


def run(params, context):
    table = context.shared
    stall_seconds = params["stallMs"] / 1000
    first = context.task % 2
    second = 1 - first
    _take(table, first, context, stall_seconds)
    _meet(table, first, context)
    _take(table, second, context, stall_seconds)
    for lock in (second, first):
        table.holders[lock] = 0
        table.locks[lock].release()
    return "held both %d" % context.task


def _take(table, lock, context, stall_seconds):
    table.waits[context.worker] = lock + 1
    while not table.locks[lock].acquire(timeout=stall_seconds):
        cycle = _find_cycle(table, context.worker)
        # One tells; the others stay in it, as they would outside Corescope.
        if cycle is None or not table.told.acquire(False):
            continue
        lines = sorted(_describe_wait(table, worker) for worker in cycle)
        for line in lines:
            context.note(line)
        raise WorkProblem("deadlock: " + "; ".join(lines))
    table.waits[context.worker] = 0
    table.holders[lock] = context.worker + 1


def _meet(table, first, context):
    """Waits until a task that goes the other way holds its first lock too; without one, not for ever."""
    if context.workers == 1 or context.tasks == 1:
        return
    table.arrived[first] = 1
    deadline = time.monotonic() + _MOST_WAIT_SECONDS
    while not table.arrived[1 - first] and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)


def _find_cycle(table, worker):
    """The workers that wait for one another in a circle which `worker` is part of; None where there is none."""
    cycle = [worker]
    while True:
        lock = table.waits[cycle[-1]]
        holder = table.holders[lock - 1] if lock else 0
        if not holder:
            return None
        if holder - 1 == worker:
            return cycle
        if holder - 1 in cycle:
            return None
        cycle.append(holder - 1)


def _describe_wait(table, worker):
    held = next((name for lock, name in enumerate(_NAMES) if table.holders[lock] == worker + 1), "none")
    awaited = table.waits[worker] - 1
    return "worker %d holds lock %s and waits for lock %s, which worker %d holds" % (
        worker + 1,
        held,
        _NAMES[awaited],
        table.holders[awaited],
    )
