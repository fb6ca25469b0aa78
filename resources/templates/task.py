"""A task for Corescope: the piece of work that is run as threads, as processes, and one after the other.

    corescope run ./task.py:work --args '["{index}"]'
    corescope compare ./task.py:work --args '["{index}"]'

`--args` is a JSON list of what the function is called with; in it "{index}" becomes the number of the task (from 0),
"{tasks}" how many tasks there are and "{seed}" the run's seed. Without --args the function is called with nothing.

Each worker process imports this file once, so keep the work inside the function, and behind
`if __name__ == "__main__":` whatever must only happen when the file is run by itself.
"""


def work(index=0):
    """Count the primes in the index-th stretch of 20 000 numbers.

    What is returned is how Corescope sees that every strategy did the same work, so it must not depend on worker,
    strategy or time. It may be whatever json.dumps takes, or bytes. An `async def` is awaited.
    """
    start = index * 20_000
    return sum(is_prime(candidate) for candidate in range(max(2, start), start + 20_000))


def is_prime(candidate):
    divisor = 2
    while divisor * divisor <= candidate:
        if candidate % divisor == 0:
            return False
        divisor += 1
    return True


if __name__ == "__main__":
    print(work())
