"""How the work is spread: one module per strategy.

Each has `run(plan, collector, shared) -> CPU seconds of workers that are processes`, and `CHANNEL`, the way in which
`shared` reaches its workers ("memory" or "pickle").
"""

_MODULES = {
    "serial": "serial",
    # Not "asyncio", which would hide the real one from whoever reads the imports.
    "asyncio": "event_loop",
    "threads": "threads",
    "processes": "processes",
    "thread-pool": "thread_pool",
    "process-pool": "process_pool",
    "hybrid": "hybrid",
    "interpreter-pool": "interpreter_pool",
}

WITH_START_METHOD = ("processes", "process-pool", "hybrid")
ONE_WORKER = ("serial", "asyncio")


def load_strategy(strategy_id):
    import importlib

    if strategy_id not in _MODULES:
        raise ValueError('there is no strategy "%s" in Python' % strategy_id)
    return importlib.import_module("corescope_host.strategies." + _MODULES[strategy_id])
