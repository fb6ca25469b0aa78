"""Numbers and locks that all workers share, whatever the workers are."""

import threading


class Counter:
    """For threads; processes have multiprocessing's RawValue, which looks the same."""

    def __init__(self):
        self.value = 0


def new_counter(context):
    if context.channel == "memory":
        return Counter()
    return context.start_context.RawValue("q", 0)


def new_lock(context):
    return threading.Lock() if context.channel == "memory" else context.start_context.Lock()


def new_words(context, count):
    """`count` numbers, all 0."""
    return [0] * count if context.channel == "memory" else context.start_context.RawArray("i", count)
