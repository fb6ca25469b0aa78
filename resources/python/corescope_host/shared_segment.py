"""A segment of shared memory that is not left behind, however its run ends."""

import os
import sys
from multiprocessing.shared_memory import SharedMemory

_PREFIX = "corescope-"
_LINUX_FOLDER = "/dev/shm"


class OwnSegment(SharedMemory):
    def remove(self):
        self.close()
        self.unlink()


def make_segment(size):
    """For the host, which removes it."""
    _remove_stale()
    return OwnSegment(name=_own_name(), create=True, size=size)


def open_segment(name):
    """For a worker. From Python 3.13 on it need not be registered for removal a second time, for which an
    interpreter of a pool would have to start a process."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name=name, track=False)
    return SharedMemory(name=name)


def _own_name():
    """Tells by which process it was made: one at most is made in a run. macOS allows 30 characters."""
    return "%s%d" % (_namespace_prefix(), os.getpid())


def _namespace_prefix():
    """Containers may share the memory and not the numbers of processes."""
    try:
        return "%s%d-" % (_PREFIX, os.stat("/proc/self/ns/pid").st_ino)
    except OSError:
        return _PREFIX


def _remove_stale():
    """A host that was killed at once, as for taking too much memory, leaves its segment; the next one removes it."""
    if not os.path.isdir(_LINUX_FOLDER):
        return
    prefix = _namespace_prefix()
    for name in os.listdir(_LINUX_FOLDER):
        pid = name[len(prefix) :]
        if not name.startswith(prefix) or not pid.isdigit():
            continue
        # One with our own number is of a process that had it before.
        if int(pid) == os.getpid() or not os.path.exists("/proc/%s" % pid):
            try:
                os.unlink(os.path.join(_LINUX_FOLDER, name))
            except OSError:
                pass  # Another user's, or removed by another host meanwhile.
