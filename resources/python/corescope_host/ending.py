"""How a run ends before its time, and what has to be cleared away however it ends."""

import os
import signal
import sys
import threading
import time

from .event_channel import write_last_event

# Threads of a failed run may still be writing into the folder while it is removed; each try leaves them less.
_REMOVE_TRIES = 3


class Ending:
    """What the host holds that must not outlive it."""

    def __init__(self):
        self.processes = []
        self.folder = None
        # What an orderly exit of the interpreter would remove, which a sudden one does not come to.
        self.folders_of_python = []
        self.close = None
        self._lock = threading.Lock()

    def give_up(self, text, worker=None):
        """Reports the failure and ends the host, whatever its other threads are doing."""
        # A second failure waits here for the end that the first one brings.
        self._lock.acquire()
        self.end_processes()
        _flush()
        write_last_event("failed", time.perf_counter_ns(), message=text, worker=worker)
        self._clear_at_once()
        os._exit(1)

    def clear(self):
        """Removes the folder and closes what the workload has prepared; what cannot be is said on stderr."""
        _remove_folder(self.folder)
        close, self.close = self.close, None
        if close is not None:
            try:
                close()
            except BaseException as error:
                sys.stderr.write("corescope: closing what the workload has prepared failed: %r\n" % error)
            _remove_folder(self.folder)

    def _clear_at_once(self):
        for folder in self.folders_of_python:
            _remove_folder(folder)
        self.clear()

    def end_processes(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()

    def on_terminate(self):
        """On SIGTERM the host goes only after its workers: whoever ends the group then finds no zombie of ours."""
        host_pid = os.getpid()

        def handle(_number, _frame):
            # A worker that has just been forked has this handler as well, until it resets it.
            if os.getpid() == host_pid:
                self.end_processes()
                self._clear_at_once()
            os._exit(128 + signal.SIGTERM)

        signal.signal(signal.SIGTERM, handle)


def _remove_folder(folder):
    if folder is None or not os.path.isdir(folder):
        return
    import shutil  # Only now: most runs make no folder.

    for _ in range(_REMOVE_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return
    sys.stderr.write("corescope: the folder %s could not be removed\n" % folder)


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # Closed by the workload, or never there.


ending = Ending()


def describe_exit(code):
    """In words: `exit code 7`, `signal SIGSEGV`."""
    if code is None:
        return "an unknown exit code"
    if code >= 0:
        return "exit code %d" % code
    return "signal %s" % signal_name(code)


def signal_name(code):
    """The signal behind a negative exit code; None where there is none."""
    if code is None or code >= 0:
        return None
    try:
        return signal.Signals(-code).name
    except ValueError:
        return str(-code)
