"""One worker's share of a run.

A worker tells its host what happens by calling send(message). Messages are tuples:

    ("ready", ns, worker)                 about to begin its first task
    ("tasks", [(task, ns, result), ...])  finished tasks
    ("done", cpu_seconds)                 all done; a process adds the CPU time of its whole life
    ("failed", text)                      gave up
"""

import importlib
import os
import threading
import time
import traceback

# Finished tasks are told at most every 20 ms: a task of microseconds must not be dwarfed by the message about it.
# Longer would make the progress on the screen jump; shorter would show in the timings of short tasks.
TELL_EVERY_NS = 20000000


def load_workload(workload_id):
    """The task function of a workload: (params, task_index) -> str."""
    return importlib.import_module("corescope_host.workloads." + workload_id.replace("-", "_")).run


def do_share(plan, index, send):
    """Does every workers-th task from `index`, in order. Never raises what the work raises: it sends it."""
    try:
        _do_tasks(plan, index, send)
    except BaseException as error:
        traceback.print_exc()
        text = "".join(traceback.format_exception_only(type(error), error)).strip()
        send(("failed", "worker %d failed: %s" % (index + 1, text)))
        return False
    return True


def _do_tasks(plan, index, send):
    task_function = load_workload(plan.workload_id)
    now_ns = time.perf_counter_ns
    told_ns = now_ns()
    worker = {
        "index": index,
        "name": "worker %d" % (index + 1),
        "pid": os.getpid(),
        "tid": threading.get_native_id(),
    }
    send(("ready", told_ns, worker))
    finished = []
    for task in range(index, plan.tasks, plan.workers):
        result = task_function(plan.params, task)
        ns = now_ns()
        finished.append((task, ns, result))
        if ns - told_ns >= TELL_EVERY_NS:
            send(("tasks", finished))
            finished = []
            told_ns = ns
    if finished:
        send(("tasks", finished))
