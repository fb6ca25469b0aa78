"""`params["how"]` says what goes wrong in task 1; the others do well."""

import os
import signal
import sys
import time


def run(params, context):
    how = params["how"] if context.task == 1 else ""
    if how == "raise":
        raise ValueError("boom")
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "exit":
        os._exit(7)
    if how == "sys.exit":
        sys.exit(3)
    if how == "leave a child":
        _leave_a_child()
    if how == "no text":
        return 1
    if how == "never end":
        open(os.path.join(context.folder, "here"), "w").close()
        context.note("goes on for ever")
    while how == "never end":
        time.sleep(0.001)
    return "done"


def _leave_a_child():
    """Ends the worker; the child holds its pipes open, as a daemon would, until the host has gone."""
    host_pid = os.getppid()
    if os.fork() == 0:
        try:
            while True:
                os.kill(host_pid, 0)
                time.sleep(0.005)
        except ProcessLookupError:
            os._exit(0)
    os._exit(7)
