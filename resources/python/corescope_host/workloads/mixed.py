"""Counts for a share of its time and sleeps for the rest, in turns."""

import time

# How many times a task changes between counting and sleeping, as in the twin.
TURNS = 10
_LONGEST_STRETCH = 1000000


def run(params, context):
    per_turn, sleep_seconds = _plan_turns(params)
    total = 0
    for _ in range(TURNS):
        total += count_to(per_turn)
        if sleep_seconds > 0:
            time.sleep(sleep_seconds)
    return "%d turns, sum %d" % (TURNS, total)


async def run_async(params, context):
    import asyncio  # Only where it is awaited: threads and processes do not need it.

    per_turn, sleep_seconds = _plan_turns(params)
    total = 0
    for _ in range(TURNS):
        if per_turn > 0:
            total += await context.offload(count_to, per_turn)
        if sleep_seconds > 0:
            await asyncio.sleep(sleep_seconds)
    return "%d turns, sum %d" % (TURNS, total)


def count_to(n):
    """Begins anew after each stretch, as its twin has to."""
    count = 0
    for done in range(0, n, _LONGEST_STRETCH):
        for i in range(min(_LONGEST_STRETCH, n - done)):
            count += i
    return count


def _plan_turns(params):
    """(integers to add up, seconds to sleep) per turn. An amount of work, not of time: it is the same however busy
    the machine is."""
    share = params["cpuShare"]
    turn_ms = params["ms"] / TURNS
    return int(turn_ms * share * params["countPerMs"]), turn_ms * (1 - share) / 1000
