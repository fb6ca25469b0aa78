"""Takes the place of the real task in a real host: n chooses what goes wrong in task 1."""

import os
import signal
import sys


def run(params, task_index):
    n = params["n"] if task_index == 1 else 0
    if n == 1:
        raise ValueError("boom")
    if n == 2:
        os._exit(7)
    if n == 3:
        os.kill(os.getpid(), signal.SIGSEGV)
    if n == 4:
        for _ in range(64):
            sys.stdout.write("flood\n" * 166667)
    if n == 5:
        os.write(3, b"not an event\n")
    while n == 6:
        pass
    return "done"
