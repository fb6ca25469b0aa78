"""All tasks, one after the other, on the host's main thread: what the others are compared with."""

from ..outbox import Outbox
from ..share import do_share

CHANNEL = "memory"


def run(plan, collector, shared):
    plan.workers = 1
    do_share(plan, 0, shared, Outbox(0, collector.accept, plan.observe), "main")
    return 0.0
