"""Adds up one big array, every task a slice of it; all workers read the same memory, or each has a copy.

What reaches a worker is (how, what): ("here", array) to be read as it is, ("copy", array) to be copied by each
worker, ("segment", name) of shared memory.
"""

import array
from itertools import islice

from ..seeded_numbers import seeded_numbers

# Numbers in 1 MiB.
_BLOCK_LENGTH = 262144
_MIB = 1024 * 1024

# What each worker of this process has opened or copied, by index.
_opened = {}


def prepare(context):
    from ..context import Prepared  # The workers do without.

    blocks = _blocks(context.params["megabytes"], context.seed)
    shared = context.params["sharing"] == "shared"
    if shared and context.channel == "pickle":
        from ..shared_segment import make_segment

        segment = make_segment(context.params["megabytes"] * _MIB)
        for index, block in enumerate(blocks):
            segment.buf[index * _MIB : (index + 1) * _MIB] = block.tobytes()
        return Prepared(shared=("segment", segment.name), close=segment.remove)
    numbers = array.array("I")
    for block in blocks:
        numbers.extend(block)
    alone = context.strategy in ("serial", "asyncio")
    how = "here" if shared or alone or _is_copied_on_the_way(context) else "copy"
    return Prepared(shared=(how, numbers))


def _is_copied_on_the_way(context):
    """Threads get it as it is, and so does a forked process: what it inherits is not pickled."""
    if context.channel == "memory":
        return False
    return context.strategy == "interpreter-pool" or context.start_context.get_start_method() != "fork"


def run(params, context):
    numbers = _open(context)
    start = context.task * len(numbers) // context.tasks
    end = (context.task + 1) * len(numbers) // context.tasks
    total = 0
    # Given back at once: a segment cannot be closed while somebody looks at it.
    with numbers, numbers[start:end] as part:
        for _ in range(params["rounds"]):
            total = sum(part)
    return "numbers %d to %d, sum %d" % (start, end, total)


def _open(context):
    """A view of the numbers; the first task of a worker does what there is to do once."""
    how, what = context.shared
    if how == "here":
        return memoryview(what)
    if context.worker not in _opened:
        if how == "copy":
            _opened[context.worker] = what[:]
        else:
            from ..shared_segment import open_segment

            _opened[context.worker] = open_segment(what)
    opened = _opened[context.worker]
    return memoryview(opened) if how == "copy" else opened.buf.cast("I")


def _blocks(megabytes, seed):
    """Numbers below 2^24, 1 MiB at a time. One block of them is made and repeated, for that takes 30 ms; its first
    is its number, so that slices differ."""
    block = array.array("I", islice(seeded_numbers(seed, 0), _BLOCK_LENGTH))
    for index in range(megabytes):
        block[0] = index
        yield block
