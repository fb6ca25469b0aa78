"""The article's hello_func: waits, then greets."""

import time


def run(params, task_index):
    time.sleep(params["seconds"])
    return "greeting from - t%d" % (task_index + 1)
