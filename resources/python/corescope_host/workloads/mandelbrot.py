"""A square picture of the Mandelbrot set: the sum of all steps and a checksum of every count."""

from ..seeded_numbers import add_to_checksum


def run(params, context):
    size = params["size"]
    iterations = params["iterations"]
    total = 0
    checksum = 0
    for row in range(size):
        imaginary = -1.5 + (3 * row) / size
        for column in range(size):
            count = _count_steps(-2 + (3 * column) / size, imaginary, iterations)
            total += count
            checksum = add_to_checksum(checksum, count)
    return "%d steps, %d" % (total, checksum)


def _count_steps(real, imaginary, most):
    """Not with complex numbers: the order of the operations is that of the twin, to the last bit."""
    x = 0.0
    y = 0.0
    for count in range(most):
        xx = x * x
        yy = y * y
        if xx + yy > 4:
            return count
        y = 2 * x * y + imaginary
        x = xx - yy + real
    return most
