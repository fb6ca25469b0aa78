"""Counts the primes below n by trial division."""


def run(params, context):
    n = params["n"]
    # 2 is the only even one; odd numbers need no even divisors.
    count = 1 if n > 2 else 0
    for candidate in range(3, n, 2):
        divisor = 3
        while divisor * divisor <= candidate and candidate % divisor != 0:
            divisor += 2
        if divisor * divisor > candidate:
            count += 1
    return str(count)
