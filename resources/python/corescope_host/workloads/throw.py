"""Task 0 raises what nobody catches."""

from .fault_stage import approach_fault, do_other_task


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    approach_fault(context)
    raise RuntimeError("task 0 raises on purpose")
