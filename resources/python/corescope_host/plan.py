"""The plan of a run: one JSON line from Corescope."""

import json

PROTOCOL_VERSION = 3


class Plan:
    """What to run and how; travels to workers by pickling, so it holds plain values only."""

    def __init__(self, fields):
        self.protocol = fields["protocol"]
        self.workload_id = fields["workloadId"]
        # None for a built-in, else {"kind": "function", "path", "functionName", "args"}.
        self.target = fields["target"]
        self.params = fields["params"]
        self.tasks = fields["tasks"]
        self.strategy = fields["strategy"]
        self.workers = fields["workers"]
        # None leaves the choice to this Python.
        self.start_method = fields["startMethod"]
        self.seed = fields["seed"]
        # A worker that dies does not end the run: what is lost is what the run is about.
        self.observe = fields["onWorkerFailure"] == "observe"
        # Where the run may write: not made before somebody asks for it. The host fills it in.
        self.folder = None


def read_plan(line):
    fields = json.loads(line)
    if fields["protocol"] != PROTOCOL_VERSION:
        raise ValueError(
            "the plan has protocol %r, this host speaks %d" % (fields["protocol"], PROTOCOL_VERSION)
        )
    return Plan(fields)
