"""Entry of the Python run host: one run of one workload in a process of its own.

Everything else is imported below the guard: where workers are spawned rather than forked, each of them imports
this file again, and what it loads would count as their start-up.
"""

if __name__ == "__main__":
    from corescope_host.host import main

    main()
