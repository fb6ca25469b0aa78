"""Writes files, has them put on the disk (fsync), reads them back: the SHA-256 of all that was read."""

import hashlib
import os
import sys
from itertools import islice

from ..seeded_numbers import numbers_below, seeded_numbers

_KIB = 1024


def prepare(context):
    """Only says so where there is no disk to wait for."""
    if sys.platform == "linux" and _file_system_of(context.folder) == "tmpfs":
        parent = os.path.dirname(context.folder)
        context.note(
            "The temporary folder %s is in memory (tmpfs): nothing waits for a disk. Set TMPDIR to a folder on one."
            % parent
        )


def run(params, context):
    # The bytes repeat every KiB.
    pattern = bytes(islice(numbers_below(seeded_numbers(context.seed, context.task), 256), _KIB))
    content = pattern * params["kilobytes"]
    folder = context.folder
    sha256 = hashlib.sha256()
    for index in range(params["files"]):
        path = os.path.join(folder, "file-%d-%d" % (context.task, index))
        with open(path, "xb", buffering=0) as file:
            file.write(content)
            os.fsync(file.fileno())
        with open(path, "rb", buffering=0) as file:
            sha256.update(file.read())
        os.unlink(path)
    return sha256.hexdigest()


async def run_async(params, context):
    """asyncio has no files of its own: it has threads for what blocks, 5 to 32 by the number of cores."""
    import asyncio  # Only where it is awaited: threads and processes do not need it.

    return await asyncio.get_running_loop().run_in_executor(None, run, params, context)


def _file_system_of(path):
    """The type of the deepest mount that holds the path; None where /proc does not tell."""
    deepest = ("", None)
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as mounts:
            for line in mounts:
                _, place, kind = line.split(" ", 3)[:3]
                inside = path == place or path.startswith(place.rstrip("/") + "/")
                if inside and len(place) >= len(deepest[0]):
                    deepest = (place, kind)
    except OSError:
        pass
    return deepest[1]
