"""The run host: reads the plan, runs it, reports. See src/engine/runner/README.md for the protocol."""

import importlib
import os
import sys
import time
import traceback

from .collector import Collector, give_up
from .event_channel import EVENT_DESCRIPTOR, write_events
from .plan import read_plan
from .share import load_workload


def main():
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        # Corescope has gone before it gave out any work.
        return
    # What the workload starts has no business with the events.
    os.set_inheritable(EVENT_DESCRIPTOR, False)
    try:
        _run(read_plan(line))
    except BaseException as error:
        traceback.print_exc()
        give_up("".join(traceback.format_exception_only(type(error), error)).strip())


def _run(plan):
    strategy = importlib.import_module("corescope_host.strategies." + plan.strategy)
    load_workload(plan.workload_id)
    collector = Collector(plan.tasks)
    write_events([{"type": "ready", "ns": _now(), "interpreter": describe_interpreter()}])
    write_events([{"type": "started", "ns": _now()}])

    cpu_before = time.process_time_ns()
    started_ns = time.perf_counter_ns()
    worker_cpu_seconds = strategy.run(plan, collector)
    ended_ns = time.perf_counter_ns()
    own_cpu_seconds = (time.process_time_ns() - cpu_before) / 1e9

    import hashlib  # Only now: a measured process loads nothing that its work does not need.

    text = "\n".join(collector.results())
    write_events(
        [
            {
                "type": "finished",
                "ns": str(ended_ns),
                "wallNs": str(ended_ns - started_ns),
                "startupNs": str(collector.last_ready_ns() - started_ns),
                "cpuSeconds": own_cpu_seconds + worker_cpu_seconds,
                "checksum": hashlib.sha256(text.encode("utf-8")).hexdigest()[:16],
                "workers": 1 if plan.strategy == "serial" else plan.workers,
            }
        ]
    )


def describe_interpreter():
    # Not from the platform module: it costs the measured processes another megabyte.
    name = sys.implementation.name
    implementation = {"cpython": "CPython", "pypy": "PyPy"}.get(name, name)
    return {
        "runtime": "python",
        "version": sys.version.split()[0],
        "executable": sys.executable or "",
        "implementation": implementation,
        "gilEnabled": _is_gil_enabled(implementation),
    }


def _is_gil_enabled(implementation):
    """Asks the interpreter where it can tell (3.13+). Before, CPython and PyPy always had the lock."""
    ask = getattr(sys, "_is_gil_enabled", None)
    if ask is not None:
        return ask()
    return True if implementation in ("CPython", "PyPy") else None


def _now():
    return str(time.perf_counter_ns())
