"""Work for the verdicts: what the usual advice about threads in Python gets wrong, or cannot help."""

import fcntl
import hashlib
import os
import tempfile


def hash_buffers(index, megabytes, rounds):
    """SHA-256 of large buffers: hashlib lets go of the interpreter's lock, so threads run at once."""
    buffer = bytes([index % 256]) * (megabytes * 1_000_000)
    digest = hashlib.sha256()
    for _ in range(rounds):
        digest.update(buffer)
    return digest.hexdigest()


def make_text(index, megabytes):
    """Next to no work, but a result that takes its time to cross from one process to another."""
    return chr(97 + index % 26) * (megabytes * 1_000_000)


def count_behind_lock(index, n):
    """Counts while it holds a lock that all the others want: of threads and of processes."""
    path = os.path.join(tempfile.gettempdir(), "corescope-verdicts-%d.lock" % os.getuid())
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        total = 0
        for i in range(n):
            total += i
        return total + index
