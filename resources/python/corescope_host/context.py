"""What a workload is told about its task, and what it can say."""

import os


class TaskContext:
    """Of one task: task, tasks, worker, workers, strategy, seed, params, shared, folder, report, note, offload.
    Good until its task ends: the next task of a share is told by the same object.

    `report(name, value, unit)` tells a figure that the workload has measured itself, `note(text)` whatever else it
    has to say; both may be called from any thread. `folder` is the run's own and is removed after it.
    `await offload(function, *args)` is for run_async: the call goes to a worker process where the strategy has some
    (hybrid), else it is made at once, on the loop. The function must be importable.
    """

    def __init__(self, task):
        self.task = task

    @property
    def folder(self):
        os.makedirs(self._folder, mode=0o700, exist_ok=True)
        return self._folder


class PreparationContext:
    """For prepare(context), in the host before the first worker.

    Has what a task has but for task, worker and shared, and besides: `channel`, which is "memory" where the workers
    live in the host's process and `shared` reaches them as it is, "pickle" where it is pickled; `start_context`, the
    multiprocessing context of the strategy, for locks, queues and the like.
    """

    def __init__(self, plan, channel, report, note):
        self.params = plan.params
        self.tasks = plan.tasks
        self.workers = plan.workers
        self.strategy = plan.strategy
        self.seed = plan.seed
        self.channel = channel
        self.report = report
        self.note = note
        self._folder = plan.folder
        self._start_method = plan.start_method

    @property
    def start_context(self):
        import multiprocessing  # Only for those who ask: it costs the measured process a megabyte.

        return multiprocessing.get_context(self._start_method)

    folder = TaskContext.folder


class Prepared:
    """What prepare(context) returns. `finish` runs after the last worker is gone, may report and may raise; `close`
    runs at last, however the run ends."""

    def __init__(self, shared=None, finish=None, close=None):
        self.shared = shared
        self.finish = finish
        self.close = close


async def _call_here(function, *args):
    return function(*args)


def worker_context(plan, index, shared, outbox, offload=_call_here):
    """The class of a worker's contexts. It holds what they have in common: a dictionary of its own for each task would
    cost a short one as much as it takes."""
    members = {
        "tasks": plan.tasks,
        "worker": index,
        "workers": plan.workers,
        "strategy": plan.strategy,
        "seed": plan.seed,
        "params": plan.params,
        # A class would make methods of what can be called.
        "shared": property(lambda _context: shared),
        "offload": staticmethod(offload),
        "report": outbox.report,
        "note": outbox.note,
        "_folder": plan.folder,
    }
    return type("TaskContext", (TaskContext,), members)


def new_folder_path():
    """A name that nobody has and nobody can guess. Not from tempfile, which loads a dozen modules."""
    parent = next((os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)), None)
    if parent is None or not os.path.isdir(parent):
        parent = "/tmp" if os.path.isdir("/tmp") else os.getcwd()
    return os.path.join(os.path.abspath(parent), "corescope-run-%s" % os.urandom(8).hex())
