"""A function of the user's own as a workload: `path/file.py:function`, with arguments.

The file is imported as a module, as `import file` beside it would: what stands outside functions runs once in every
interpreter, so that threads share it and a forked process has a copy. What it imports is looked for in its folder,
before site-packages. The standard library comes first, unlike in `python file.py`: a queue.py beside the file must
not take the place of the queue that pools are made of.
"""

import hashlib
import importlib.util
import json
import os
import sys
from importlib.machinery import PathFinder

from .work import Work, WorkProblem, describe_error

_CO_VARARGS = 0x04
_CO_ASYNC = 0x80


def load_user_function(target, plan):
    path = os.path.abspath(target["path"])
    name = target["functionName"]
    label = "%s:%s" % (path, name)
    function = _find_function(_import_file(path), path, name)
    fill = _compile_arguments(target["args"], {"{seed}": plan.seed, "{tasks}": plan.tasks})
    _check_arguments(function, label, target["args"])

    if _is_async(function):

        async def run_async(_params, context):
            return _to_text(await function(*fill(context.task)), label)

        def run_alone(params, context):
            import asyncio

            return asyncio.run(run_async(params, context))

        return Work(run_alone, run_async)

    def run(_params, context):
        return _to_text(function(*fill(context.task)), label)

    return Work(run)


# By path, for every worker asks. The host asks first and alone, so that no two threads import at once.
_imported = {}


def _import_file(path):
    if path not in _imported:
        _imported[path] = _import_anew(path)
    return _imported[path]


def _import_anew(path):
    if not os.path.isfile(path):
        raise WorkProblem("there is no file %s: give the path of a Python file, as in work.py:function" % path)
    folder, file_name = os.path.split(path)
    stem = os.path.splitext(file_name)[0]
    finder = _FolderFinder(folder)
    sys.meta_path.insert(0, finder)
    # For processes that the function may spawn: they inherit the path, but no finders.
    sys.path.append(folder)
    # Under its own name, so that what it defines can be pickled.
    taken = stem in sys.modules or finder.is_in_library(stem)
    name = stem if stem.isidentifier() and not taken else "corescope_user_file"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise WorkProblem("%s cannot be imported: give a file that ends in .py" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        hint = ""
        if isinstance(error, ImportError):
            hint = "; install what is missing for %s, or choose the Python that has it" % sys.executable
        where = _line_in(path, error)
        raise WorkProblem("%s could not be imported: %s%s%s" % (path, describe_error(error), where, hint)) from error
    except SystemExit as error:
        raise WorkProblem(
            '%s ends the program when it is imported: put that below `if __name__ == "__main__":`' % path
        ) from error
    return module


class _FolderFinder:
    """Finds top-level modules in a folder unless the standard library has one of that name."""

    def __init__(self, folder):
        self._folder = folder
        library = os.path.dirname(os.__file__)
        self._library = [library, os.path.join(library, "lib-dynload"), os.path.join(sys.base_prefix, "DLLs")]

    def is_in_library(self, name):
        known = getattr(sys, "stdlib_module_names", None)  # From Python 3.10.
        if known is not None:
            return name in known
        return name in sys.builtin_module_names or PathFinder.find_spec(name, self._library) is not None

    def find_spec(self, name, path=None, _target=None):
        if path is not None or self.is_in_library(name):
            return None
        return PathFinder.find_spec(name, [self._folder])


def _line_in(path, error):
    """Where in the user's file it happened; nothing for a syntax error, which says so itself."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else " (line %d)" % line


def _find_function(module, path, name):
    found = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if callable(found):
        return found
    if found is not None:
        raise WorkProblem("%s in %s is of type %s, not a function: name a function of that file" % (name, path, type(found).__name__))
    import difflib

    there = [known for known, value in vars(module).items() if callable(value) and not known.startswith("_")]
    nearest = difflib.get_close_matches(name, there, 1)
    if nearest:
        advice = 'did you mean "%s"?' % nearest[0]
    elif there:
        advice = "it has %s" % ", ".join(sorted(there)[:8])
    else:
        advice = "it has no functions at all"
    raise WorkProblem('%s has no function "%s": %s' % (path, name, advice))


def _is_async(function):
    code = getattr(function, "__code__", None)
    return code is not None and bool(code.co_flags & _CO_ASYNC)


def _check_arguments(function, label, arguments):
    """Before anything starts. Only plain functions tell without the inspect module, which is a megabyte to load."""
    code = getattr(function, "__code__", None)
    if code is None or getattr(function, "__self__", None) is not None or hasattr(function, "__wrapped__"):
        return
    names = code.co_varnames
    most = code.co_argcount
    least = most - len(function.__defaults__ or ())
    given = len(arguments)
    keyword_only = names[most : most + code.co_kwonlyargcount]
    needed = [name for name in keyword_only if name not in (function.__kwdefaults__ or {})]
    if needed:
        raise WorkProblem(
            '%s needs "%s" by keyword, which cannot be given: let it have a default' % (label, needed[0])
        )
    if given < least or (given > most and not code.co_flags & _CO_VARARGS):
        wanted = str(least) if least == most else "%d to %d" % (least, most)
        if code.co_flags & _CO_VARARGS:
            wanted = "at least %d" % least
        signature = ", ".join(names[:most]) or "nothing"
        raise WorkProblem(
            "%s takes %s argument%s (%s), but %d %s given: change the arguments (--args) or the function"
            % (label, wanted, "" if wanted == "1" else "s", signature, given, "is" if given == 1 else "are")
        )


def _compile_arguments(arguments, words):
    """A function from the task to its arguments: {index}, {seed} and {tasks} are replaced in every text, at any depth.

    A text that is nothing but such a word becomes the number. Lists are made anew for each task: it may change them.
    """

    def fill(value, all_words):
        if isinstance(value, str):
            if value in all_words:
                return all_words[value]
            for word, number in all_words.items():
                value = value.replace(word, str(number))
            return value
        if isinstance(value, list):
            return [fill(part, all_words) for part in value]
        if isinstance(value, dict):
            return {key: fill(part, all_words) for key, part in value.items()}
        return value

    def for_task(task):
        return fill(arguments, dict(words, **{"{index}": task}))

    return for_task


def _to_text(result, label):
    """The result as text that is the same whatever computed it, or a problem."""

    def convert(value):
        if isinstance(value, (bytes, bytearray, memoryview)):
            return "sha256:" + hashlib.sha256(value).hexdigest()
        raise _Unchecked(type(value).__name__)

    try:
        return json.dumps(result, sort_keys=True, default=convert)
    except _Unchecked as unchecked:
        inside = "" if type(result).__name__ == str(unchecked) else " in a %s" % type(result).__name__
        problem = "a %s%s" % (unchecked, inside)
    except (TypeError, ValueError, RecursionError) as error:
        problem = "a %s (%s)" % (type(result).__name__, error)
    raise WorkProblem(
        "%s returned %s, which cannot be checked: return numbers, text, bytes, None, or lists and dicts of them"
        % (label, problem)
    )


class _Unchecked(Exception):
    """Names the type that JSON has no way to write."""
