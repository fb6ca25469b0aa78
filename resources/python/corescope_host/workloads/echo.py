"""Each worker sends messages to a partner of its own kind, one at a time, and waits for each to come back."""

import hashlib
import queue
import signal
import struct
import threading
import time

from ..context import Prepared

_THREAD_STRATEGIES = ("threads", "thread-pool")
_PROCESS_TRANSPORTS = ("process-queue", "pipe", "shared-memory")
_STAMP = struct.Struct("<I")


def prepare(context):
    transport = context.params["transport"]
    if transport == "usual":
        transport = "thread-queue" if context.channel == "memory" else "process-queue"
    if transport in _PROCESS_TRANSPORTS and context.strategy in _THREAD_STRATEGIES:
        raise ValueError("%s goes from process to process, and %s has threads" % (transport, context.strategy))
    make = {
        "thread-queue": _connect_threads,
        "process-queue": _connect_by_queues,
        "pipe": _connect_by_pipe,
        "shared-memory": _connect_by_memory,
    }[transport]
    partners = []
    ends = []
    for _ in range(context.workers):
        end, serve, arguments = make(context)
        ends.append(end)
        if transport == "thread-queue":
            threading.Thread(target=serve, args=arguments, daemon=True).start()
        else:
            partner = context.start_context.Process(target=_serve_alone, args=(serve, arguments))
            partner.start()
            partners.append(partner)

    def close():
        for partner in partners:
            partner.kill()
        for partner in partners:
            partner.join()
        for end in ends:
            end.close()

    return Prepared(shared=ends, close=close)


def run(params, context):
    size, count = params["bytes"], params["count"]
    round_trip = context.shared[context.worker].round_trip
    message = echo_message(size, context.task)
    stamps = spent_ns = 0
    for trip in range(count):
        message = bytearray(message)
        _STAMP.pack_into(message, 0, trip)
        message = bytes(message)
        start_ns = time.perf_counter_ns()
        message = round_trip(message)
        spent_ns += time.perf_counter_ns() - start_ns
        if len(message) != size or _STAMP.unpack_from(message)[0] != trip:
            raise RuntimeError("message %d came back changed" % trip)
        stamps += trip
    context.report("round trips", count * 1e9 / spent_ns, "1/s")
    context.report("throughput", 2 * count * size * 1e3 / spent_ns, "MB/s")
    return "%d %s" % (stamps, hashlib.sha256(message).hexdigest()[:16])


def echo_message(size, task):
    """echo.ts makes the same."""
    period = bytes((index * 31 + task) & 255 for index in range(256))
    return (period * (size // 256 + 1))[:size]


def _serve_alone(serve, arguments):
    # The host ends its partners; a terminal that interrupts all of the run is none of their business.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    serve(*arguments)


class _QueueEnd:
    """A queue each way."""

    def __init__(self, requests, answers):
        self._requests = requests
        self._answers = answers

    def round_trip(self, message):
        self._requests.put(message)
        return self._answers.get()

    def close(self):
        for one in (self._requests, self._answers):
            if hasattr(one, "cancel_join_thread"):
                one.close()
                one.cancel_join_thread()


def _serve_queues(requests, answers):
    while True:
        answers.put(requests.get())


def _connect_threads(_context):
    requests, answers = queue.Queue(), queue.Queue()
    return _QueueEnd(requests, answers), _serve_queues, (requests, answers)


def _connect_by_queues(context):
    requests, answers = context.start_context.Queue(), context.start_context.Queue()
    return _QueueEnd(requests, answers), _serve_queues, (requests, answers)


class _PipeEnd:
    def __init__(self, connection):
        self._connection = connection

    def round_trip(self, message):
        self._connection.send_bytes(message)
        return self._connection.recv_bytes()

    def close(self):
        self._connection.close()


def _connect_by_pipe(context):
    ours, theirs = context.start_context.Pipe()
    return _PipeEnd(ours), _serve_pipe, (theirs,)


def _serve_pipe(connection):
    while True:
        connection.send_bytes(connection.recv_bytes())


class _MemoryEnd:
    """A block with room for one message each way, and a semaphore each way that says that one is there."""

    def __init__(self, block, size, asked, answered):
        self._block = block
        self._size = size
        self._asked = asked
        self._answered = answered

    def round_trip(self, message):
        self._block.buf[: self._size] = message
        self._asked.release()
        self._answered.acquire()
        return bytes(self._block.buf[self._size : 2 * self._size])

    def close(self):
        self._block.close()
        self._block.unlink()


def _connect_by_memory(context):
    from multiprocessing.shared_memory import SharedMemory  # Only those who use it pay for it.

    size = context.params["bytes"]
    block = SharedMemory(create=True, size=2 * size)
    asked, answered = context.start_context.Semaphore(0), context.start_context.Semaphore(0)
    return _MemoryEnd(block, size, asked, answered), _serve_memory, (block, size, asked, answered)


def _serve_memory(block, size, asked, answered):
    while True:
        asked.acquire()
        block.buf[size : 2 * size] = block.buf[:size]
        answered.release()
