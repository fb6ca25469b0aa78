"""Takes the place of the real task in a real host: n chooses what goes wrong in task 1."""

import os
import signal
import sys
import time

STUBBORN = "trap '' TERM HUP INT; while :; do sleep 1; done"


def stay():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(1)


def start_escapes():
    """The ways out of a run that the environment of the test asks for; see escape.test.ts."""
    mark = os.environ["CORESCOPE_TEST_MARK"]
    for way in os.environ["CORESCOPE_TEST_ESCAPES"].split(","):
        child = os.fork()
        if child != 0:
            if way in ("daemon", "cleared-daemon"):
                os.waitpid(child, 0)
            continue
        # As a daemon does; the output stays that of the run.
        os.closerange(3, 256)
        if way != "stubborn":
            os.setsid()
        if way in ("daemon", "cleared-daemon") and os.fork() != 0:
            os._exit(0)
        if way in ("cleared", "cleared-daemon"):
            os.execve("/bin/sh", ["sh", "-c", STUBBORN, mark], {})
        stay()


def run(params, context):
    n = params["n"] if context.task == 1 else 0
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
    if n in (7, 8, 9):
        start_escapes()
    if n == 9:
        os.kill(os.getpid(), signal.SIGKILL)
    if n == 10:
        os.close(3)
    if n == 11:
        os._exit(0)
    if n == 12:
        hoard = b"x" * 400000000
    while n in (6, 8, 12):
        pass
    return "done"
