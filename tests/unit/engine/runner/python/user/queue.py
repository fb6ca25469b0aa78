"""Named like a module of the standard library that the host uses."""


def task(index):
    return index
