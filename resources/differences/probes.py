"""Probes of `corescope differences`; see README.md."""

import hashlib
import json
import multiprocessing
import os
import queue
import signal
import threading
import time


def tell(**figures):
    """Figures differ from run to run, so they are no result: what is returned is compared."""
    print("corescope-probe:" + json.dumps(figures), flush=True)
    return "told"


def milliseconds_since(start):
    return (time.perf_counter() - start) * 1000


class ThreadPartner:
    """A thread that looks at what it gets and answers, over two queues."""

    def __init__(self):
        self.there, self.back = queue.Queue(), queue.Queue()
        self.thread = threading.Thread(target=self.echo)
        self.thread.start()

    def echo(self):
        for message in iter(self.there.get, None):
            self.back.put(answer_to(message))

    def exchange(self, message):
        self.there.put(message)
        return self.back.get()

    def end(self):
        self.there.put(None)
        self.thread.join()


class ProcessPartner:
    """A process that looks at what it gets and answers, over a pipe."""

    def __init__(self):
        self.connection, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=echo_over, args=(other,))
        self.process.start()
        other.close()

    def exchange(self, message):
        self.connection.send(message)
        return self.connection.recv()

    def end(self):
        self.connection.send(None)
        self.process.join()
        self.connection.close()


def echo_over(connection):
    for message in iter(connection.recv, None):
        connection.send(answer_to(message))


def answer_to(message):
    """A look at both ends of what is shared."""
    kind, payload = message
    if kind == "attach":
        return look_at_shared_memory(payload)
    return len(payload), payload[0] + payload[-1]


def look_at_shared_memory(name):
    from multiprocessing import shared_memory

    block = shared_memory.SharedMemory(name=name)
    try:
        return block.size, block.buf[0]
    finally:
        block.close()


def partner_of(kind):
    return ThreadPartner() if kind == "thread" else ProcessPartner()


def share(kind, size):
    partner = partner_of(kind)
    try:
        data = bytearray(size)
        start = time.perf_counter()
        partner.exchange(("share", data))
        figures = {"sharedMs": milliseconds_since(start)}
        if kind == "process":
            figures["attachedMs"] = attach(partner, size)
    finally:
        partner.end()
    return tell(**figures)


def attach(partner, size):
    """Hands over shared memory of that size by its name; what it takes to fill it is not counted."""
    from multiprocessing import shared_memory

    block = shared_memory.SharedMemory(create=True, size=size)
    try:
        start = time.perf_counter()
        partner.exchange(("attach", block.name))
        return milliseconds_since(start)
    finally:
        block.close()
        block.unlink()


def die(index, other_ms):
    if index == 0:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    time.sleep(other_ms / 1000)
    return index


def hang(index, other_ms):
    while index == 0:
        time.sleep(1000)
    time.sleep(other_ms / 1000)
    return index


def digest(megabytes):
    """hashlib lets go of the interpreter lock while it works on a large buffer."""
    return hashlib.sha256(bytes(megabytes * 1000000)).hexdigest()
