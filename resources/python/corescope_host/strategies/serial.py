"""All tasks, one after the other, on the host's main thread: what the others are compared with."""

import os

from ..outbox import Outbox
from ..share import do_share

CHANNEL = "memory"


def run(plan, collector, shared):
    plan.workers = 1
    code = do_share(plan, 0, shared, Outbox(0, collector.accept, plan.observe), "main")
    if code != 0:
        # Observed: the worker has ended, though its thread goes on as the host's.
        collector.worker_exited(0, os.getpid(), code)
    return 0.0
