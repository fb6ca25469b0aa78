"""asyncio and a ProcessPoolExecutor: waiting is done on the loop, computing in worker processes.

A workload that can be awaited (run_async) runs on the loop and hands what it computes to `context.offload`; any other
goes to the pool as it is. `workers` are the pool's; the loop, where it does tasks itself, comes after them.
"""

import asyncio
from concurrent.futures.process import BrokenProcessPool

from ..loop_worker import LoopWorker
from ..outbox import Outbox
from ..pool_worker import call_function, do_task
from ..process_pool import ProcessPool
from ..work import load_work

CHANNEL = "pickle"


def run(plan, collector, shared):
    pool = ProcessPool(plan, collector, shared)
    awaitable = load_work(plan).run_async is not None
    way = _await_all if awaitable else _send_all
    pool.finish(asyncio.run(way(plan, collector, shared, pool)))
    return pool.cpu_seconds()


async def _send_all(plan, collector, _shared, pool):
    """Returns what broke the pool, if anything did."""
    loop = asyncio.get_running_loop()
    breaches = []

    async def send(task):
        try:
            batch = await loop.run_in_executor(pool.executor, do_task, task)
        except BrokenProcessPool as error:
            breaches.append(error)
        else:
            collector.accept(batch)

    await asyncio.gather(*[send(task) for task in range(plan.tasks)])
    return breaches[0] if breaches else None


async def _await_all(plan, collector, shared, pool):
    loop = asyncio.get_running_loop()
    breaches = []

    async def offload(function, *arguments):
        try:
            result, batch = await loop.run_in_executor(pool.executor, call_function, function, arguments)
        except BrokenProcessPool as error:
            breaches.append(error)
            raise
        collector.accept(batch)
        return result

    index = plan.workers
    outbox = Outbox(index, collector.accept, plan.observe)
    worker = LoopWorker(plan, index, shared, outbox, "event loop", offload)
    await asyncio.gather(*[worker.do_task(task) for task in range(plan.tasks)])
    outbox.flush()
    return breaches[0] if breaches else None
