#!/usr/bin/env python3
"""Lets processes run in turn, for some seconds each, while the others are stopped, until it is told to end (SIGTERM).

    python3 turns.py SECONDS PID PID…

What slows the machine for a while then slows all of them alike. Ends by itself with the first of them.
"""

import os
import signal
import sys
import time


def send(pid, what):
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def end(*_):
    for pid in pids:
        send(pid, signal.SIGCONT)
    sys.exit()


seconds, pids = float(sys.argv[1]), [int(word) for word in sys.argv[2:]]
signal.signal(signal.SIGTERM, end)
for pid in pids[1:]:
    send(pid, signal.SIGSTOP)
while os.path.exists(f"/proc/{pids[0]}") or not os.path.exists("/proc"):
    for pid in pids:
        send(pid, signal.SIGCONT)
        time.sleep(seconds)
        send(pid, signal.SIGSTOP)
end()
