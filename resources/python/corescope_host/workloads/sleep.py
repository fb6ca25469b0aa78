"""The article's hello_func: waits, then greets."""

import time


def run(params, context):
    time.sleep(params["seconds"])
    return _greeting(context)


async def run_async(params, context):
    import asyncio  # Only where it is awaited: threads and processes do not need it.

    await asyncio.sleep(params["seconds"])
    return _greeting(context)


def _greeting(context):
    return "greeting from - t%d" % (context.task + 1)
