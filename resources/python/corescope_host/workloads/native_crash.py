"""Task 0 ends its process by SIGABRT, as a fault in native code does."""

import os

from .fault_stage import approach_fault, clear_before_host_dies, do_other_task, prevent_core_dump


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    prevent_core_dump()
    approach_fault(context)
    clear_before_host_dies(context)
    os.abort()
