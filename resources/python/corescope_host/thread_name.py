"""The names that threads have for the system."""

import os
import sys


def name_kernel_thread(native_id, name):
    """Shows a thread of this process by its name in top and in Corescope's tables. Python does so itself from 3.14.

    Not to be called in a thread while others compute: it waits for files, and each time that costs the thread its
    turn at the interpreter lock, 5 ms. Linux only; other systems would need ctypes and a library. Nothing depends
    on it.
    """
    if sys.platform != "linux":
        return
    try:
        # Fewer waits than a file object has.
        comm = os.open("/proc/self/task/%d/comm" % native_id, os.O_WRONLY)
        try:
            os.write(comm, os.fsencode(name[:15]))
        finally:
            os.close(comm)
    except OSError:
        pass  # The thread has ended already.
