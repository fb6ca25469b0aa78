"""Uses all that a workload is given. `params["log"]` is a file in which finish and close leave a line."""

import os
import threading

from ..context import Prepared


def prepare(context):
    if context.channel == "memory":
        shared = {"lock": threading.Lock(), "sum": [0]}
    else:
        shared = {"sum": context.start_context.Value("q", 0)}
    _write(context.folder, "prepared")

    def finish():
        with open(context.params["log"], "a") as log:
            log.write("finish with %s\n" % ",".join(sorted(os.listdir(context.folder))))
        total = shared["sum"].value if "lock" not in shared else shared["sum"][0]
        context.report("sum of tasks", total, "tasks")
        context.report("everything", float("inf"), "")
        if context.params["fail"] == "finish":
            raise ValueError("the sum is wrong")

    def close():
        with open(context.params["log"], "a") as log:
            log.write("close\n")

    if context.params["fail"] == "prepare":
        close()
        raise ValueError("nothing to prepare")
    return Prepared(shared, finish, close)


def run(params, context):
    shared = context.shared
    if "lock" in shared:
        with shared["lock"]:
            shared["sum"][0] += context.task
    else:
        with shared["sum"].get_lock():
            shared["sum"].value += context.task
    _write(context.folder, "task %d" % context.task)
    context.report("square", context.task ** 2, "tasks²")
    context.report("nothing", float("nan"), "")
    if context.task == 0:
        context.note("the first of %d" % context.tasks)
    if params["fail"] == "task" and context.task == 1:
        raise ValueError("boom")
    return "task %d, seed %d, %s" % (context.task, context.seed, params is context.params)


def _write(folder, name):
    with open(os.path.join(folder, name), "w") as file:
        file.write(name)
