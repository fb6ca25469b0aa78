"""One threading.Thread per share."""

import threading

from ..share import do_share


def run(plan, collector):
    threads = [
        threading.Thread(
            target=do_share, args=(plan, index, collector.accept), name="worker %d" % (index + 1)
        )
        for index in range(plan.workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0.0
