"""Task 0 never returns."""

import threading

from .fault_stage import approach_fault, ask_for_end, do_other_task, end_stuck_worker


def prepare(context):
    return end_stuck_worker(context, [])


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    approach_fault(context)
    ask_for_end(context)
    if params["manner"] == "wait":
        threading.Event().wait()
    while True:
        pass
