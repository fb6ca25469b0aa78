"""One threading.Thread per share."""

import os
import threading
import time

from ..outbox import Outbox
from ..share import do_share
from ..thread_name import name_kernel_thread

CHANNEL = "memory"

# Naming a thread makes the main thread ask for the interpreter lock some times, and each time the workers change turns:
# some milliseconds of a run that is over before anybody could have read the names.
_NAME_AFTER_SECONDS = 0.1


def run(plan, collector, shared):
    def work(index):
        code = do_share(plan, index, shared, Outbox(index, collector.accept, plan.observe), "thread")
        collector.worker_exited(index, os.getpid(), code, time.thread_time())

    threads = [
        threading.Thread(target=work, args=(index,), name="worker %d" % (index + 1))
        for index in range(plan.workers)
    ]
    for thread in threads:
        thread.start()
    threads[0].join(_NAME_AFTER_SECONDS)
    for thread in threads:
        if thread.is_alive():
            name_kernel_thread(thread.native_id, thread.name)
    for thread in threads:
        thread.join()
    return 0.0
