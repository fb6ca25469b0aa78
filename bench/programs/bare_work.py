"""The same work as count-loop, by hand: python3 bare_work.py STRATEGY WORKERS TASKS N ROUNDS

Prints its wall time in milliseconds and the checksum of its results.
"""

import hashlib
import multiprocessing
import sys
import threading
import time


def count(n, rounds):
    total = 0
    for _ in range(rounds):
        for i in range(n):
            total += i
    return str(total)


def do_share(worker, workers, tasks, n, rounds):
    return [count(n, rounds) for _ in range(worker, tasks, workers)]


def run_threads(workers, *rest):
    shares = [None] * workers

    def work(worker):
        shares[worker] = do_share(worker, workers, *rest)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shares


def _in_process(writer, *share):
    writer.send(do_share(*share))
    writer.close()


def run_processes(workers, *rest):
    running = []
    for worker in range(workers):
        reader, writer = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=_in_process, args=(writer, worker, workers) + rest)
        process.start()
        writer.close()
        running.append((process, reader))
    shares = [reader.recv() for _, reader in running]
    for process, _ in running:
        process.join()
    return shares


def main(strategy, workers, tasks, n, rounds):
    began = time.perf_counter()
    if strategy == "serial":
        shares = [do_share(0, 1, tasks, n, rounds)]
    else:
        run = run_threads if strategy == "threads" else run_processes
        shares = run(workers, tasks, n, rounds)
    wall_ms = (time.perf_counter() - began) * 1000
    results = [shares[task % len(shares)][task // len(shares)] for task in range(tasks)]
    print(wall_ms, hashlib.sha256("\n".join(results).encode()).hexdigest()[:16])


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
