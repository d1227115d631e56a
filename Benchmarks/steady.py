#!/usr/bin/env python3
"""Waits until the machine runs at its full speed, where others share it and it does not always.

    python3 steady.py SORA WORK_DIR

Full speed is the best that a short run of a network (`sora bench`, 0.2 s) has reached in this WORK_DIR, which keeps it; the
first call looks for ten seconds. Ends once a run comes within 15 % of that, after two minutes in any case: then it says so
on the standard error, and ends with status 1.
"""

import json
import pathlib
import subprocess
import sys
import time

sora, work = sys.argv[1], pathlib.Path(sys.argv[2])
record = work / "full-speed"


def speed():
    """Frames per second of the quickest of some runs."""
    done = subprocess.run(
        [sora, "bench", "--json", "--preset", "article", "--batch", "1", "--frames", "8", "--runs", "8", "--seconds", "0"],
        capture_output=True, text=True, check=True)
    return 8 / min(json.loads(done.stdout.splitlines()[0])["seconds"])


begin, is_first = time.monotonic(), not record.exists()
best = 0 if is_first else float(record.read_text())
while (waited := time.monotonic() - begin) < 120:
    found = speed()
    if found > best:
        best = found
        record.write_text(str(best))
    if found >= 0.85 * best and (not is_first or waited > 10):
        sys.exit()
print("steady: the machine has not run at its full speed for two minutes", file=sys.stderr)
sys.exit(1)
