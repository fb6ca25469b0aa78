"""Events to Corescope: JSON lines on file descriptor 3."""

import json
import os
import threading

EVENT_DESCRIPTOR = 3

# Worker threads write for themselves: waking the main thread would cost two more hand-overs of the interpreter lock.
_lock = threading.Lock()
# json.dumps makes a new encoder at every call that asks for other separators.
_encode = json.JSONEncoder(separators=(",", ":")).encode

_state = {"closed": False}


def event_line(kind, ns, **fields):
    """One event as a line. `ns` is a number here and text there: beyond 2^53 JSON numbers lose digits."""
    event = {"type": kind, "ns": str(ns)}
    event.update(fields)
    return _encode(event) + "\n"


def task_line(kind, ns, task, worker):
    """event_line for the two events that come with every task; a tenth of the time."""
    return '{"type":"%s","ns":"%d","task":%d,"worker":%d}\n' % (kind, ns, task, worker)


def write_event(kind, ns, **fields):
    write_lines(event_line(kind, ns, **fields))


def write_last_event(kind, ns, **fields):
    """How the run has ended. What threads say that go on nevertheless is not passed on."""
    write_lines(event_line(kind, ns, **fields), last=True)


def write_lines(text, last=False):
    rest = text.encode("utf-8")
    with _lock:
        if _state["closed"]:
            return
        _state["closed"] = last
        while rest:
            rest = rest[os.write(EVENT_DESCRIPTOR, rest) :]
