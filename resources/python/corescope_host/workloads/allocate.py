"""Takes memory, touches every page of it, holds it for a while, and gives it back."""

import time

_MIB = 1024 * 1024
# The smallest page that there is: larger ones are touched more than once.
_PAGE_BYTES = 4096


def run(params, context):
    block, text = _fill(params["megabytes"])
    time.sleep(params["holdMs"] / 1000)
    del block
    return text


async def run_async(params, context):
    import asyncio  # Only where it is awaited: threads and processes do not need it.

    block, text = _fill(params["megabytes"])
    await asyncio.sleep(params["holdMs"] / 1000)
    del block
    return text


def _fill(megabytes):
    block = bytearray(megabytes * _MIB)
    touched = 0
    for offset in range(0, len(block), _PAGE_BYTES):
        block[offset] = 1
        touched += block[offset]
    return block, "%d MiB in %d pages" % (megabytes, touched)
