#!/usr/bin/env python3
"""One JSON line from the lines of `sora bench --profile --json`: how near the run comes to its kernels' limit.

The limit is what the fastest kernel for each convolution takes when it is timed alone, summed; everything else that the
network does counts as lost. `kinds` is the share of the time that each kind of step takes.
"""

import collections
import json
import sys

speed, *steps = [json.loads(line) for line in sys.stdin if line.startswith("{")]
total = sum(step["seconds"] for step in steps)
limit = sum(step["seconds"] * step.get("ofLimit", 0) for step in steps)
kinds = collections.Counter()
for step in steps:
    kinds[step["label"].split()[0]] += step["seconds"] / total
print(json.dumps({
    "limit": limit / total, "preset": speed["preset"], "mode": speed["mode"], "precision": speed["precision"], "kinds": kinds}))
