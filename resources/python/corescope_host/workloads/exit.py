"""Task 0 ends the program it believes to be alone in."""

import os
import sys

from .fault_stage import approach_fault, clear_before_host_dies, do_other_task

_EXIT_CODE = 7


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    approach_fault(context)
    if params["way"] == "at-once":
        clear_before_host_dies(context)
        os._exit(_EXIT_CODE)
    # No more than an exception, which ends a thread as it would any.
    sys.exit(_EXIT_CODE)
