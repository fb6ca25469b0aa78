"""Writes a document as JSON and reads it back: length and SHA-256 of the last text."""

import hashlib
import json

from ..seeded_numbers import seeded_numbers


def run(params, context):
    document = _make_document(params["records"], context.seed, context.task)
    text = ""
    for _ in range(params["rounds"]):
        # As JavaScript writes it.
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        document = json.loads(text)
    return "%d characters, %s" % (len(text), hashlib.sha256(text.encode("utf-8")).hexdigest())


def _make_document(records, seed, task):
    numbers = seeded_numbers(seed, task)

    def below(limit):
        return (next(numbers) * limit) >> 24

    # Written in the order of the keys, in which the numbers are drawn.
    return [
        {
            "id": index,
            "name": 'Zo\u00eb "%d"' % below(100_000),
            "score": (2 * below(10_000) + 1) / 8,
            "active": below(2) == 1,
            "parent": None,
            "tags": ["tag-%d" % below(50), "tag-%d" % below(50), "line\nbreak"],
            "place": {"x": below(1_000), "y": -below(1_000) - 1},
        }
        for index in range(records)
    ]
