"""The run host: reads the plan, runs it, reports. See src/engine/runner/README.md for the protocol."""

import os
import sys
import time

from .collector import Collector
from .context import PreparationContext, Prepared, new_folder_path
from .ending import ending
from .event_channel import EVENT_DESCRIPTOR, hold_events, write_event, write_last_event
from .gil import gil_change, is_free_threaded_build, is_gil_enabled, watch_imports
from .outbox import Outbox
from .plan import read_plan
from .strategies import ONE_WORKER, WITH_START_METHOD, load_strategy
from .work import describe_error, load_work, print_error


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
        print_error(error)
        ending.give_up(describe_error(error))


def _run(plan):
    plan.folder = ending.folder = new_folder_path()
    ending.on_terminate()
    strategy = load_strategy(plan.strategy)
    collector = Collector(plan)
    watch_imports()
    work = load_work(plan)
    write_event("ready", time.perf_counter_ns(), interpreter=describe_interpreter(plan))
    collector.tell_gil(gil_change())
    # Of no worker: what is told before and after the work belongs to the run.
    outbox = Outbox(None, collector.accept)
    prepared = Prepared()
    if work.prepare is not None:
        context = PreparationContext(plan, strategy.CHANNEL, outbox.report, outbox.note)
        prepared = work.prepare(context) or prepared
    outbox.flush()
    ending.close = prepared.close

    write_event("started", time.perf_counter_ns())
    hold_events(time.perf_counter_ns())
    cpu_before = time.process_time_ns()
    started_ns = time.perf_counter_ns()
    worker_cpu_seconds = strategy.run(plan, collector, prepared.shared)
    ended_ns = time.perf_counter_ns()
    own_cpu_seconds = (time.process_time_ns() - cpu_before) / 1e9

    if prepared.finish is not None:
        prepared.finish()
        outbox.flush()
    ending.clear()
    # Where all share one memory there are no messages; on the loop of hybrid, tasks overlap.
    message_ns = 0 if strategy.CHANNEL == "memory" else collector.message_ns()
    if plan.strategy == "hybrid":
        message_ns = None
    _tell_end(plan, collector, started_ns, ended_ns, message_ns, own_cpu_seconds + worker_cpu_seconds)


def _tell_end(plan, collector, started_ns, ended_ns, message_ns, cpu_seconds):
    import hashlib  # Only now: a measured process loads nothing that its work does not need.

    results, lost = collector.results()
    startup_ns, work_ns, tear_down_ns = collector.phases_ns(started_ns, ended_ns)
    write_last_event(
        "finished",
        ended_ns,
        wallNs=str(ended_ns - started_ns),
        startupNs=str(startup_ns),
        workNs=str(work_ns),
        tearDownNs=str(tear_down_ns),
        messageNs=None if message_ns is None else str(message_ns),
        cpuSeconds=cpu_seconds,
        checksum=hashlib.sha256("\n".join(results).encode("utf-8")).hexdigest()[:16],
        workers=1 if plan.strategy in ONE_WORKER else plan.workers,
        lostTasks=lost,
    )


def describe_interpreter(plan):
    # Not from the platform module: it costs the measured processes another megabyte.
    name = sys.implementation.name
    return {
        "runtime": "python",
        "version": sys.version.split()[0],
        "executable": sys.executable or "",
        "implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(name, name),
        # After the workload's imports, which may have turned the lock on.
        "gilEnabled": is_gil_enabled(),
        "freeThreadedBuild": is_free_threaded_build(),
        "startMethod": _start_method(plan),
    }


def _start_method(plan):
    """In effect; None where the strategy starts no processes."""
    if plan.strategy not in WITH_START_METHOD:
        return None
    if plan.start_method is not None:
        return plan.start_method
    import multiprocessing

    return multiprocessing.get_start_method()
