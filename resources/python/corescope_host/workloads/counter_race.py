"""All tasks add 1 to one shared counter, and nobody locks it.

Since CPython 3.10 a thread gives up the interpreter lock only where it jumps back or calls a function, so that
`counter.value += 1` in a loop loses nothing. The little loop between reading and writing makes such a place, as any
real piece of work would.
"""

from ..context import Prepared
from .shared_memory_parts import new_counter

_BETWEEN = (0, 1)


def prepare(context):
    counter = new_counter(context)
    intended = context.tasks * context.params["increments"]
    return Prepared(shared=counter, finish=lambda: report_loss(context, intended, counter.value))


def run(params, context):
    increments = params["increments"]
    counter = context.shared
    for _ in range(increments):
        value = counter.value
        for _ in _BETWEEN:
            pass
        counter.value = value + 1
    return str(increments)


def report_loss(context, intended, counted):
    context.report("lost updates", intended - counted, "")
    context.report("lost share", (intended - counted) / intended, "")
