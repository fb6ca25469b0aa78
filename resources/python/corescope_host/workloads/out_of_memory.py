"""Task 0 fills its memory until a limit stops it.

The limit is on the address space of the process (there is none per thread), only while the task fills it, and what
it fills it with is never touched: the machine's memory stays out of it.
"""

from .fault_stage import approach_fault, do_other_task

_MEGABYTE = 1 << 20
# Should the limit not be kept, the work ends itself long before a machine notices.
_MOST_TIMES_THE_LIMIT = 3


def run(params, context):
    if context.task != 0:
        return do_other_task(params, context)
    approach_fault(context)
    megabytes = params["megabytes"]
    hoard = []
    with _AddressSpaceLimit(megabytes * _MEGABYTE):
        try:
            while len(hoard) < megabytes * _MOST_TIMES_THE_LIMIT:
                hoard.append(bytearray(_MEGABYTE))
            held = len(hoard)
        finally:
            hoard.clear()
    raise RuntimeError("no limit was kept: %d MB could be held" % held)


class _AddressSpaceLimit:
    """No more than `more_bytes` beyond what there is now."""

    def __init__(self, more_bytes):
        import resource  # POSIX only: elsewhere the task fails with the reason.

        self._resource = resource
        self._before = resource.getrlimit(resource.RLIMIT_AS)
        with open("/proc/self/statm") as statm:
            used_bytes = int(statm.read().split()[0]) * resource.getpagesize()
        self._limit_bytes = used_bytes + more_bytes

    def __enter__(self):
        self._resource.setrlimit(self._resource.RLIMIT_AS, (self._limit_bytes, self._before[1]))

    def __exit__(self, *_):
        self._resource.setrlimit(self._resource.RLIMIT_AS, self._before)
