"""What the kernel says that processes have used."""

import sys
import time

try:
    import resource
except ImportError:  # Windows
    resource = None

# ru_maxrss counts KiB, but bytes on macOS.
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024

can_ask_for_children = resource is not None


def own_usage():
    """(CPU seconds, most resident bytes or None) of this process so far.

    The kernel lets a forked or spawned process begin with the most that its parent had resident, so the figure of
    a small worker of a large host is the host's.
    """
    if resource is None:
        return (time.process_time(), None)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _MAXRSS_UNIT)


def children_cpu_seconds():
    """Of all children that have been waited for, their whole lives; 0.0 where the system does not tell."""
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
