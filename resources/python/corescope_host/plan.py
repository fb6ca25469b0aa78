"""The plan of a run: one JSON line from Corescope."""

import json

PROTOCOL_VERSION = 1


class Plan:
    """What to run and how; travels to spawned workers by pickling."""

    def __init__(self, workload_id, params, tasks, strategy, workers):
        self.workload_id = workload_id
        self.params = params
        self.tasks = tasks
        self.strategy = strategy
        self.workers = workers


def read_plan(line):
    plan = json.loads(line)
    if plan["protocol"] != PROTOCOL_VERSION:
        raise ValueError(
            "the plan has protocol %r, this host speaks %d" % (plan["protocol"], PROTOCOL_VERSION)
        )
    return Plan(plan["workloadId"], plan["params"], plan["tasks"], plan["strategy"], plan["workers"])
