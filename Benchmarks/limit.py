#!/usr/bin/env python3
"""One JSON line from the lines of several `sora bench --profile --json`, one after the other: how near the run comes to its
kernels' limit.

The limit is what the fastest kernel for each convolution takes when it is timed alone, summed; everything else that the
network does counts as lost. Of the several the quickest run counts, and the least time of each kernel, since a machine that
is shared with others may change its speed between the two. `kinds` is the share of the time that each kind of step takes.
"""

import collections
import json
import sys

profiles = []
for line in sys.stdin:
    if line.startswith("{"):
        line = json.loads(line)
        if "preset" in line:
            speed = line
            profiles.append([])
        else:
            profiles[-1].append(line)
quickest = min(profiles, key=lambda steps: sum(step["seconds"] for step in steps))
total = sum(step["seconds"] for step in quickest)
kernels = {}
for step in (step for steps in profiles for step in steps if "ofLimit" in step):
    seconds = step["seconds"] * step["ofLimit"]
    kernels[step["label"]] = min(seconds, kernels.get(step["label"], seconds))
kinds = collections.Counter()
for step in quickest:
    kinds[step["label"].split()[0]] += step["seconds"] / total
print(json.dumps({
    "limit": sum(kernels.values()) / total, "preset": speed["preset"], "mode": speed["mode"], "precision": speed["precision"], "kinds": kinds}))
