"""psutil on a tree: `PID EVERY_MS oneshot` reads processes found once; `record` looks for children each time.

`oneshot` is the cheapest way psutil has; `record` does what psrecord does at every sample. Both read all cores.
"""

import json
import signal
import sys
import time

import psutil

root_pid, every_s, style = int(sys.argv[1]), float(sys.argv[2]) / 1000, sys.argv[3]
warm_up_samples = 300
stopped = False


def stop(*_):
    global stopped
    stopped = True


def read_oneshot():
    for process in processes:
        with process.oneshot():
            process.cpu_times()
            process.memory_info()
    psutil.cpu_times(percpu=True)


def read_record():
    known = [root, *root.children(recursive=True)]
    for process in known:
        same = by_pid.setdefault(process.pid, process)
        same.cpu_percent()
        same.memory_info()
    psutil.cpu_percent(percpu=True)


signal.signal(signal.SIGTERM, stop)
root = psutil.Process(root_pid)
processes = [root, *root.children(recursive=True)]
by_pid = {}
read = {"oneshot": read_oneshot, "record": read_record}[style]
for _ in range(warm_up_samples):
    read()
print("ready", flush=True)
samples = 0
due = time.monotonic()
while not stopped:
    read()
    samples += 1
    due += every_s * max(1, -(-(time.monotonic() - due) // every_s))
    time.sleep(max(0, due - time.monotonic()))
print(json.dumps({"samples": samples, "readings": []}), flush=True)
