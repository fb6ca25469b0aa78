"""What is run: a built-in workload or a function of the user's own, with one face."""

import importlib
import traceback


class Work:
    """`run(params, context) -> str`; `run_async`, the same awaited, or None; `prepare(context)` or None."""

    def __init__(self, run, run_async=None, prepare=None):
        self.run = run
        self.run_async = run_async
        self.prepare = prepare


class WorkProblem(Exception):
    """What is wrong with the work, in whole words: its text is shown as it is."""


def load_work(plan):
    """Imports what the plan names. To be called in every interpreter that runs tasks."""
    if plan.target is not None:
        from .user_function import load_user_function

        return load_user_function(plan.target, plan)
    module = importlib.import_module("corescope_host.workloads." + plan.workload_id.replace("-", "_"))
    return Work(module.run, getattr(module, "run_async", None), getattr(module, "prepare", None))


def require_text(text):
    if isinstance(text, str):
        return text
    raise TypeError("the workload returned a %s, not a text" % type(text).__name__)


def describe_error(error):
    """In one line, without the traceback: that goes to stderr."""
    if isinstance(error, WorkProblem):
        return str(error)
    if isinstance(error, SyntaxError) and error.filename is not None:
        # Without the line itself and the caret below it, which want lines of their own.
        return "%s: %s (%s, line %s)" % (type(error).__name__, error.msg, error.filename, error.lineno)
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def print_error(error):
    """The traceback, for those who read the output. A WorkProblem says all there is to say by itself."""
    if not isinstance(error, WorkProblem):
        traceback.print_exception(type(error), error, error.__traceback__)


def exit_code_of(error):
    """What a program that ends by this exception returns to its parent."""
    if isinstance(error, SystemExit):
        code = error.code
        return code if isinstance(code, int) else 0 if code is None else 1
    return 1
