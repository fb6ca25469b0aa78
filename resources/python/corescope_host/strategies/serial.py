"""All tasks, one after the other, on the host's main thread: what the others are compared with."""

from ..share import do_share


def run(plan, collector):
    plan.workers = 1
    do_share(plan, 0, collector.accept)
    return 0.0
