"""All tasks add 1 to one shared counter, each time under a lock."""

import time

from ..context import Prepared
from .counter_race import report_loss
from .shared_memory_parts import new_counter, new_lock


def prepare(context):
    counter = new_counter(context)
    intended = context.tasks * context.params["increments"]
    return Prepared(
        shared=(counter, new_lock(context)), finish=lambda: report_loss(context, intended, counter.value)
    )


def run(params, context):
    increments = params["increments"]
    counter, lock = context.shared
    start_ns = time.perf_counter_ns()
    for _ in range(increments):
        with lock:
            counter.value += 1
    context.report("cost per increment", (time.perf_counter_ns() - start_ns) / increments, "ns")
    return str(increments)
