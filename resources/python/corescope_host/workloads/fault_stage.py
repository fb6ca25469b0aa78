"""What the workloads that die on purpose have in common; the twin of fault-stage.ts, which tells why."""

import os
import shutil
import signal
import time

from ..context import Prepared

FAULT_NOTE = "The fault strikes in 20 ms."
_STRIKE_DELAY_SECONDS = 0.02
_LOOK_EVERY_SECONDS = 0.005
# A worker that takes longer to begin is not waited for.
_MOST_WAIT_SECONDS = 10

_ONE_WORKER = ("serial", "asyncio")
# Their workers live in the host's process, and nothing but its end ends them.
_IN_HOST = ("serial", "asyncio", "threads", "thread-pool", "interpreter-pool")


def do_other_task(params, context):
    """A task in which nothing goes wrong."""
    if context.strategy not in _ONE_WORKER:
        _mark(context.folder, "begun-%d" % context.worker)
    time.sleep(params["workMs"] / 1000)
    return finish_task(context)


def finish_task(context):
    """The result of a task, for those that come to one."""
    if context.strategy not in _ONE_WORKER:
        _mark(context.folder, "done-%d" % context.task)
    return "done %d" % context.task


def approach_fault(context):
    """Waits until all others are at work, says that the fault comes, and returns when it is due."""
    deadline = time.monotonic() + _MOST_WAIT_SECONDS
    while not _others_at_work(context) and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
    context.note(FAULT_NOTE)
    time.sleep(_STRIKE_DELAY_SECONDS)


def clear_before_host_dies(context):
    """A host that dies cannot clear away its folder."""
    if context.strategy in _IN_HOST and context.strategy not in _ONE_WORKER:
        shutil.rmtree(context.folder, ignore_errors=True)


def prevent_core_dump():
    """A crash on purpose is to leave no core file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def ask_for_end(context):
    """Asks for this worker to be ended, which does not end by itself."""
    if context.strategy not in _IN_HOST:
        _mark(context.folder, "stuck", str(os.getpid()))


def end_stuck_worker(context, tasks_done):
    """For prepare(): once a worker has asked for its end and all of `tasks_done` are done, a process beside the host
    ends it after the patience. (Not a thread of the host: it would be there when the workers are forked.) A thread
    cannot be ended from outside at all.
    """
    if context.strategy in _IN_HOST:
        return Prepared()
    folder = context.folder
    awaited = ["stuck"] + ["done-%d" % task for task in tasks_done]
    watcher = context.start_context.Process(
        target=_watch, args=(folder, awaited, context.params["patienceMs"] / 1000), name="watcher"
    )
    watcher.start()

    def finish():
        watcher.join(_MOST_WAIT_SECONDS if os.path.exists(os.path.join(folder, "ending")) else 0)
        seconds = _read(folder, "ended")
        if seconds is not None:
            context.report("ended from outside after", float(seconds) * 1000, "ms")

    def close():
        watcher.kill()
        watcher.join()

    return Prepared(finish=finish, close=close)


def _watch(folder, awaited, patience_seconds):
    import multiprocessing

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while multiprocessing.parent_process().is_alive():
        if all(os.path.exists(os.path.join(folder, name)) for name in awaited):
            time.sleep(patience_seconds)
            _end(int(_read(folder, "stuck")), folder)
            return
        time.sleep(_LOOK_EVERY_SECONDS)


def _end(pid, folder):
    _mark(folder, "ending")
    start = time.perf_counter()
    os.kill(pid, signal.SIGKILL)
    while _runs(pid):
        time.sleep(0.0002)
    _mark(folder, "ended", repr(time.perf_counter() - start))


def _runs(pid):
    """False of a zombie too, which waits for nothing but being noticed."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _others_at_work(context):
    if context.strategy in _ONE_WORKER:
        return True
    own = "begun-%d" % context.worker
    others = [name for name in os.listdir(context.folder) if name.startswith("begun-") and name != own]
    return len(others) >= min(context.workers, context.tasks) - 1


def _mark(folder, name, text=""):
    # Whoever sees the file is to find its text in it.
    target = os.path.join(folder, name)
    if os.path.exists(target):
        return
    with open(target + ".new", "w") as file:
        file.write(text)
    os.replace(target + ".new", target)


def _read(folder, name):
    try:
        with open(os.path.join(folder, name)) as file:
            return file.read()
    except FileNotFoundError:
        return None
