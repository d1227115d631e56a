#!/usr/bin/env python3
"""Lets processes run in turn, for some seconds each, while the others are stopped, until it is told to end (SIGTERM).

    python3 turns.py SECONDS PID PID…

What slows the machine for a while then slows all of them alike. Told to end, it leaves all but one stopped: it is for whoever
tells it to let them go on. Ends by itself with the first of them, and then lets the others go on.
"""

import os
import signal
import sys
import time


def send(pid, what):
    """Whether there is such a process."""
    try:
        os.kill(pid, what)
        return True
    except ProcessLookupError:
        return False


seconds, pids = float(sys.argv[1]), [int(word) for word in sys.argv[2:]]
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
for pid in pids[1:]:
    send(pid, signal.SIGSTOP)
while send(pids[0], 0):
    for pid in pids:
        send(pid, signal.SIGCONT)
        time.sleep(seconds)
        send(pid, signal.SIGSTOP)
for pid in pids[1:]:
    send(pid, signal.SIGCONT)
