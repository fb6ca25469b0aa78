"""asyncio: all tasks on one event loop, on the host's main thread."""

import asyncio

from ..loop_worker import LoopWorker
from ..outbox import Outbox

CHANNEL = "memory"


def run(plan, collector, shared):
    # `workers` are places on the loop here: 1 puts no limit to how many tasks are under way.
    places = plan.workers
    plan.workers = 1
    outbox = Outbox(0, collector.accept, plan.observe)
    asyncio.run(_run_all(plan, places, shared, outbox))
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
