"""Whether the interpreter lock is on, and which import has turned it on.

A free-threaded build begins without the lock and turns it on for good as soon as an extension module is imported
that does not say it can do without. So the question is asked again after the workload's imports, and each import
is watched for the answer changing.
"""

import sys


def is_free_threaded_build():
    """None where the interpreter is not CPython. From the version's text: sysconfig would have to read its data."""
    if sys.implementation.name != "cpython":
        return None
    return "free-threading build" in sys.version


def is_gil_enabled():
    """Asks the interpreter where it can tell (3.13+). Before, CPython and PyPy always had the lock."""
    ask = getattr(sys, "_is_gil_enabled", None)
    if ask is not None:
        return ask()
    return True if sys.implementation.name in ("cpython", "pypy") else None


class GilWatch:
    """A finder for the front of sys.meta_path that asks before and after each module is loaded."""

    def __init__(self, is_enabled=is_gil_enabled):
        self._is_enabled = is_enabled
        self._known = is_enabled()
        self._culprit = None

    def change(self):
        """(enabled, culprit or None) where the lock has changed since it was last asked for, else None."""
        enabled = self._is_enabled()
        if enabled == self._known:
            return None
        self._known = enabled
        return (enabled, self._culprit if enabled else None)

    def find_spec(self, name, path=None, target=None):
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                # A loader without exec_module is of the old kind, which importlib treats in another way.
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _WatchedLoader(spec.loader, self)
                return spec
        return None

    def around(self, name, step, argument):
        before = self._is_enabled()
        try:
            return step(argument)
        finally:
            # The innermost import sees it first, and it is the one.
            if self._culprit is None and not before and self._is_enabled():
                self._culprit = name


class _WatchedLoader:
    """Extension modules turn the lock on as they are created or executed, depending on how they initialise."""

    def __init__(self, loader, watch):
        self._loader = loader
        self._watch = watch

    def create_module(self, spec):
        create = getattr(self._loader, "create_module", None)
        return None if create is None else self._watch.around(spec.name, create, spec)

    def exec_module(self, module):
        # The module is to know its real loader: importlib.resources and inspect look at it.
        module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._watch.around(module.__name__, self._loader.exec_module, module)

    def __getattr__(self, name):
        return getattr(self._loader, name)


_watch = None


def watch_imports():
    """To be called once per interpreter, before the work is loaded. Costs nothing where the lock is on already."""
    global _watch
    if _watch is None and is_gil_enabled() is False:
        _watch = GilWatch()
        sys.meta_path.insert(0, _watch)


def gil_change():
    """What has changed since the last call, as GilWatch.change tells it."""
    return None if _watch is None else _watch.change()
