"""One worker's share of a run: every workers-th task, in order."""

from .context import TaskContext, worker_setting
from .gil import gil_change, watch_imports
from .work import describe_error, exit_code_of, load_work, print_error, require_text


def do_share(plan, index, shared, outbox, kind):
    """Returns the exit code of the worker. Never raises what the work raises: it sends it."""
    try:
        _do_tasks(plan, index, shared, outbox, kind)
    except BaseException as error:
        print_error(error)
        outbox.failed(describe_error(error))
        return exit_code_of(error)
    return 0


def _do_tasks(plan, index, shared, outbox, kind):
    watch_imports()
    work = load_work(plan)
    outbox.ready(kind)
    outbox.gil_changed(gil_change())
    setting = worker_setting(plan, index, shared, outbox)
    run, params = work.run, plan.params
    for task in range(index, plan.tasks, plan.workers):
        outbox.started(task)
        outbox.finished(task, require_text(run(params, TaskContext(setting, task))))
    # Some modules are imported by the work itself.
    outbox.gil_changed(gil_change())
    outbox.flush()
