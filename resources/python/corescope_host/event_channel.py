"""Events to Corescope: JSON lines on file descriptor 3."""

import json
import os
import threading
import time
from operator import sub

EVENT_DESCRIPTOR = 3

# Worker threads write for themselves: waking the main thread would cost two more hand-overs of the interpreter lock.
_lock = threading.Lock()
# json.dumps makes a new encoder at every call that asks for other separators.
_encode = json.JSONEncoder(separators=(",", ":")).encode

# A line has an upper limit (mostTasksPerMessage in protocol.ts).
_MOST_TASKS_PER_LINE = 1000
# So that a short run is not interrupted by telling about it. Nobody sees a quarter of a second in a longer one.
_HOLD_NS = 250000000

_state = {"closed": False, "hold_until_ns": 0}
_held = []


def event_line(kind, ns, **fields):
    """One event as a line. `ns` is a number here and text there: beyond 2^53 JSON numbers lose digits."""
    event = {"type": kind, "ns": str(ns)}
    event.update(fields)
    return _encode(event) + "\n"


def task_line(kind, ns, task, worker):
    """event_line for the two events that come with every task; a tenth of the time."""
    return '{"type":"%s","ns":"%d","task":%d,"worker":%d}\n' % (kind, ns, task, worker)


def share_lines(worker, began_ns, first, step, ends_ns, first_is_told, next_is_started):
    """Tasks of a share, which ended one right after the other, as one event or, where they are many, as several."""
    texts = []
    for start in range(0, len(ends_ns), _MOST_TASKS_PER_LINE):
        ends = ends_ns[start : start + _MOST_TASKS_PER_LINE]
        is_last = start + len(ends) == len(ends_ns)
        texts.append(
            event_line(
                "share-tasks",
                began_ns,
                worker=worker,
                lengthsNs=list(map(sub, ends, [began_ns] + ends[:-1])),
                firstTask=first + start * step,
                taskStep=step,
                firstIsTold=first_is_told or start > 0,
                nextIsStarted=next_is_started or not is_last,
            )
        )
        began_ns = ends[-1]
    return "".join(texts)


def write_event(kind, ns, **fields):
    write_lines([event_line(kind, ns, **fields)])


def write_last_event(kind, ns, **fields):
    """How the run has ended. What threads say that go on nevertheless is not passed on."""
    write_lines([event_line(kind, ns, **fields)], last=True)


def hold_events(ns):
    """The run begins: what is written with `hold` waits for a while, if nothing comes that does not."""
    _state["hold_until_ns"] = ns + _HOLD_NS


def write_lines(texts, last=False, hold=False):
    """Each text is some lines, or a function that makes them. `hold` is for what is of no use before the run is over."""
    with _lock:
        if _state["closed"]:
            return
        _held.extend(texts)
        if hold and time.perf_counter_ns() < _state["hold_until_ns"]:
            return
        _state["closed"] = last
        rest = "".join([text if isinstance(text, str) else text() for text in _held]).encode("utf-8")
        _held.clear()
        while rest:
            rest = rest[os.write(EVENT_DESCRIPTOR, rest) :]
