"""The product of two matrices of whole numbers modulo a prime: its trace and a checksum of all elements."""

from itertools import islice

from ..seeded_numbers import add_to_checksum, numbers_below, seeded_numbers

# The largest prime below 2^16.
MODULUS = 65521


def run(params, context):
    n = params["n"]
    numbers = numbers_below(seeded_numbers(context.seed, context.task), MODULUS)
    rows = [list(islice(numbers, n)) for _ in range(n)]
    # Already turned: its lines are the columns of the second matrix.
    columns = [list(islice(numbers, n)) for _ in range(n)]
    trace = 0
    checksum = 0
    for row_index, row in enumerate(rows):
        for column_index, column in enumerate(columns):
            total = 0
            for left, right in zip(row, column):
                total += left * right
            element = total % MODULUS
            if row_index == column_index:
                trace += element
            checksum = add_to_checksum(checksum, element)
    return "trace %d, %d" % (trace, checksum)
