"""Task 0 leaves a thread running behind it, for which Python waits before it lets a process end."""

import threading

from .fault_stage import approach_fault, ask_for_end, do_other_task, end_stuck_worker, finish_task


def prepare(context):
    return end_stuck_worker(context, range(context.tasks))


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    approach_fault(context)
    ask_for_end(context)
    threading.Thread(target=threading.Event().wait, name="left running").start()
    return finish_task(context)
