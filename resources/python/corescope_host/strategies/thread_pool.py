"""concurrent.futures.ThreadPoolExecutor: threads that take tasks from one queue."""

import os
import queue
from concurrent.futures import ThreadPoolExecutor

from ..executor_run import start_all_workers, submit_all
from ..pool_worker import begin_thread, do_task

CHANNEL = "memory"


def run(plan, collector, shared):
    indices = queue.SimpleQueue()
    for index in range(plan.workers):
        indices.put(index)
    tickets = queue.SimpleQueue()
    outboxes = []
    executor = ThreadPoolExecutor(
        max_workers=plan.workers,
        thread_name_prefix="worker",
        initializer=begin_thread,
        initargs=(plan, indices, tickets, shared, collector.accept, outboxes),
    )
    start_all_workers(executor, plan.workers, tickets.put)
    submitted = submit_all(executor, do_task, plan.tasks, collector.accept)
    submitted.wait()
    executor.shutdown(wait=True)
    if submitted.problem is not None:
        raise submitted.problem
    for outbox in outboxes:
        outbox.flush()
    for index in range(plan.workers):
        collector.worker_exited(index, os.getpid(), 0)
    return 0.0
