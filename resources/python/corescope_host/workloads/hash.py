"""SHA-256 of large buffers, during which hashlib gives up the interpreter lock (from 2048 bytes a call)."""

import hashlib
from itertools import islice

from ..seeded_numbers import numbers_below, seeded_numbers

_KIB = 1024
_MIB = 1024 * _KIB


def run(params, context):
    # The bytes repeat every KiB, so that the result does not depend on the size of the pieces.
    pattern = bytes(islice(numbers_below(seeded_numbers(context.seed, context.task), 256), _KIB))
    piece = pattern * params["pieceKilobytes"]
    sha256 = hashlib.sha256()
    left = params["megabytes"] * _MIB
    while left >= len(piece):
        sha256.update(piece)
        left -= len(piece)
    sha256.update(piece[:left])
    return sha256.hexdigest()
