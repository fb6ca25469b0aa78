"""asyncio: all tasks on one event loop, on the host's main thread."""

import asyncio
import os

from ..loop_worker import LoopWorker
from ..outbox import Outbox
from ..work import describe_error, exit_code_of, print_error

CHANNEL = "memory"


def run(plan, collector, shared):
    # `workers` are places on the loop here: 1 puts no limit to how many tasks are under way.
    places = plan.workers
    plan.workers = 1
    outbox = Outbox(0, collector.accept, plan.observe)
    try:
        asyncio.run(_run_all(plan, places, shared, outbox))
    except (SystemExit, KeyboardInterrupt) as error:
        print_error(error)
        outbox.failed(describe_error(error))
        # Observed: the loop has ended with all its tasks, though its thread goes on as the host's.
        collector.worker_exited(0, os.getpid(), exit_code_of(error))
    outbox.flush()
    return 0.0


async def _run_all(plan, places, shared, outbox):
    worker = LoopWorker(plan, 0, shared, outbox)
    limit = asyncio.Semaphore(places) if places > 1 else None

    async def do(task):
        if limit is None:
            await worker.do_task(task)
        else:
            async with limit:
                await worker.do_task(task)

    await asyncio.gather(*[do(task) for task in range(plan.tasks)])
