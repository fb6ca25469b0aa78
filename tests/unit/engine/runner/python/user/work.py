"""A user's file: imports its neighbour, has good functions and bad ones."""

import pickle
import threading

import helper


class Counter:
    @staticmethod
    def count(number):
        return number + 1


def describe(index, text, options=None):
    return {"text": text, "options": options, "doubled": helper.double(index), "raw": b"corescope"}


async def wait(index):
    import asyncio

    await asyncio.sleep(0)
    return [index]


def returns_a_set(index):
    return [{index}]


def returns_itself(index):
    loop = []
    loop.append(loop)
    return loop


def raises(index):
    raise LookupError("no %d" % index)


def by_keyword(*, index):
    return index


def at_least_two(first, second, *more):
    return [first, second, *more]


def changes_its_argument(items):
    items.append(1)
    return items


all_three = threading.Barrier(3)


def waits_for_all_three(index):
    all_three.wait(10)
    return index


def is_itself_when_pickled():
    return pickle.loads(pickle.dumps(is_itself_when_pickled)) is is_itself_when_pickled


limit = 5
