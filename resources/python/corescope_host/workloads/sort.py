"""Sorts a shuffled list by the language's own sort; the result is what the shuffled list began with."""

from ..seeded_numbers import seeded_numbers


def run(params, context):
    n = params["n"]
    shuffled = _shuffle(n, context.seed, context.task)
    for _ in range(params["rounds"]):
        if sorted(shuffled) != list(range(n)):
            raise ValueError("the list came back unsorted")
    return "%d numbers, from %s" % (n, " ".join(map(str, shuffled[:8])))


def _shuffle(n, seed, task):
    """0 to n - 1 in an order that depends on seed and task (Fisher-Yates)."""
    numbers = seeded_numbers(seed, task)
    values = list(range(n))
    for last in range(n - 1, 0, -1):
        other = (next(numbers) * (last + 1)) >> 24
        values[last], values[other] = values[other], values[last]
    return values
