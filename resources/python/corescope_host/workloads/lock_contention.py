"""Each task counts, and holds the same lock for a share of that."""

import time

from ..context import Prepared
from .shared_memory_parts import new_lock


def prepare(context):
    return Prepared(shared=new_lock(context))


def run(params, context):
    steps = params["steps"]
    # As JavaScript rounds, halves up.
    held_steps = int(steps * params["heldShare"] + 0.5)
    lock = context.shared
    asked_ns = time.perf_counter_ns()
    if held_steps > 0:
        lock.acquire()
    context.report("waited for the lock", (time.perf_counter_ns() - asked_ns) / 1e6, "ms")
    count = _count_up(held_steps)
    if held_steps > 0:
        lock.release()
    count += _count_up(steps - held_steps)
    return str(count)


def _count_up(steps):
    count = 0
    for _ in range(steps):
        count += 1
    return count
