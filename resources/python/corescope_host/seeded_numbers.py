"""The same numbers in every runtime: the twin of src/engine/workloads/seeded-numbers.ts."""

_32_BITS = 0xFFFFFFFF


def seeded_numbers(seed, task):
    """A generator without end of whole numbers from 0 to 2^24 - 1; every task has a sequence of its own."""
    state = (seed ^ ((task + 1) * 0x9E3779B1)) & _32_BITS
    while True:
        state = (state * 1664525 + 1013904223) & _32_BITS
        yield state >> 8


def numbers_below(numbers, limit):
    """A generator over another: whole numbers from 0 to limit - 1."""
    return ((number * limit) >> 24 for number in numbers)


def add_to_checksum(checksum, value):
    """Takes one more whole number into a checksum of 32 bits, which depends on all of them and on their order."""
    return (checksum * 31 + value) & _32_BITS
