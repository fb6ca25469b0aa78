"""The tasks produce items and put them into one bounded queue; one consumer beside the workers takes them out."""

import queue
import threading
import time

from ..context import Prepared

_END = None
# The consumer has at most the queue's capacity to go when it is told of the end.
_LAST_ITEMS_SECONDS = 60


def prepare(context):
    capacity, steps = context.params["capacity"], context.params["consumeSteps"]
    if context.channel == "memory":
        items, totals = queue.Queue(capacity), queue.Queue()
        consumer = threading.Thread(target=_consume, args=(items, steps, totals.put), daemon=True)
        consumer.start()
        return _prepared(context, items, lambda: totals.get(timeout=_LAST_ITEMS_SECONDS), lambda: None)
    parallel = context.start_context
    items = parallel.Queue(capacity)
    reader, writer = parallel.Pipe(duplex=False)
    consumer = parallel.Process(target=_consume_in_process, args=(items, steps, writer), name="consumer")
    consumer.start()
    # With the host's end closed, the end of the consumer shows as the end of its pipe.
    writer.close()

    def close():
        consumer.kill()
        consumer.join()
        items.close()
        # The pipe behind the queue has no reader any more.
        items.cancel_join_thread()

    return _prepared(context, items, reader.recv, close)


def _prepared(context, items, receive_totals, close):
    def finish():
        items.put(_END)
        count, total, lasted_ns = receive_totals()
        per_task = context.params["items"]
        expected = (context.tasks * per_task, context.tasks * per_task * (per_task - 1) // 2)
        if (count, total) != expected:
            raise RuntimeError("%d items of sum %d came out of the queue, not %d of %d" % ((count, total) + expected))
        # One item has no duration.
        if lasted_ns > 0:
            context.report("throughput", (count - 1) * 1e9 / lasted_ns, "items/s")

    return Prepared(shared=items, finish=finish, close=close)


def _consume_in_process(items, steps, writer):
    _consume(items, steps, writer.send)


def _consume(items, steps, tell):
    count = total = first_ns = last_ns = 0
    while True:
        item = items.get()
        if item is _END:
            break
        if count == 0:
            first_ns = time.perf_counter_ns()
        _count_steps(steps)
        count += 1
        total += item
        last_ns = time.perf_counter_ns()
    tell((count, total, last_ns - first_ns))


def run(params, context):
    items, steps = params["items"], params["produceSteps"]
    target = context.shared
    total = lengths = 0
    knows_length = True
    for item in range(items):
        _count_steps(steps)
        try:
            lengths += target.qsize()
        except NotImplementedError:  # macOS cannot read a semaphore.
            knows_length = False
        target.put(item)
        total += item
    if knows_length:
        context.report("mean queue length", lengths / items, "items")
    return str(total)


def _count_steps(steps):
    count = 0
    for _ in range(steps):
        count += 1
    return count
