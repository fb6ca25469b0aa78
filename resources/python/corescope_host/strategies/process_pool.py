"""concurrent.futures.ProcessPoolExecutor: processes that take tasks from one queue."""

from ..executor_run import submit_all
from ..pool_worker import do_task
from ..process_pool import ProcessPool

CHANNEL = "pickle"


def run(plan, collector, shared):
    pool = ProcessPool(plan, collector, shared)
    submitted = submit_all(pool.executor, do_task, plan.tasks, collector.accept)
    submitted.wait()
    pool.finish(submitted.problem)
    return pool.cpu_seconds()
