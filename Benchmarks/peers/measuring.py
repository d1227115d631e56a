"""Times a step, and prints the one JSON line that every peer script ends with."""

import ctypes
import gc
import json
import os
import resource
import shlex
import signal
import statistics
import subprocess
import sys
import threading
import time


other_share = 0.0  # of the machine's CPU time, what other processes took while the latest timing ran


def busy_seconds():
    """CPU time of the whole machine that was spent on anything, since it started. Zero where /proc is absent."""
    try:
        with open("/proc/stat") as file:
            user, nice, system, idle, wait, irq, soft, steal = map(int, file.readline().split()[1:9])
    except OSError:
        return 0.0
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


at_least = float(os.environ.get("SECONDS_EACH", 0))  # seconds that what is reported goes on for, however many runs that makes


def times(step, runs=5, warm_up=2, duration=None, **own):
    """The times of `runs` runs of `step()` and `duration` seconds at least, after `warm_up` that do not count.

    With `own`, Sora runs the same in turn with it, for a second or a few runs each: the commands in the environment's OWN, a
    line each, with the words of `own` put in. Their lines are printed. A run of either that a turn of the other cuts in two
    looks long; there are few.
    """
    duration = at_least if duration is None else duration
    begin = time.perf_counter()
    for _ in range(warm_up):
        begin = time.perf_counter()
        step()
    global other_share
    turns = Turns(max(1, 3 * (time.perf_counter() - begin)), own) if own and os.environ.get("OWN") else None
    result, busy, used, begin = [], busy_seconds(), time.process_time(), time.perf_counter()
    try:
        while len(result) < runs or sum(result) < duration:
            start = time.perf_counter()
            step()
            result.append(time.perf_counter() - start)
        others, wall = busy_seconds() - busy - (time.process_time() - used), time.perf_counter() - begin
    finally:
        own_used = turns.finish() if turns else 0
    other_share = max(0.0, (others - own_used) / wall / os.cpu_count())
    return result


class Turns:
    """Sora's processes that run in turn with this one."""

    def __init__(self, seconds, words):
        before = os.times()
        self.used = before.children_user + before.children_system
        commands = os.environ["OWN"].format(**words).splitlines()
        # What peers/run.sh sets for peers' memory is not for Sora.
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
        self.own = [
            subprocess.Popen(shlex.split(line), stdout=subprocess.PIPE, text=True, env=plain) for line in commands if line]
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "turns.py")
        pids = [os.getpid(), *(process.pid for process in self.own)]
        self.turns = subprocess.Popen([sys.executable, here, str(seconds), *map(str, pids)])

    def finish(self):
        """Ends the turns, and prints what Sora has measured, each of its processes going on alone. The CPU time that Sora took."""
        running = [process for process in self.own if process.poll() is None]
        self.turns.terminate()
        self.turns.wait()
        for process in running:
            process.send_signal(signal.SIGSTOP)
        for process in self.own:
            if process in running:
                process.send_signal(signal.SIGCONT)
            print(process.communicate()[0].strip(), flush=True)
        after = os.times()
        return after.children_user + after.children_system - self.used


def quickest(candidates, make_step, trial_seconds=30):
    """The setting whose step is quickest, each tried three times until `trial_seconds` have passed (the first always).

    A setting that fails is left out, unless all do. What the trials held is given back, and the peak memory starts anew.
    """
    if len(candidates) == 1:
        return candidates[0]
    begin, tried, failure = time.perf_counter(), [], None
    for candidate in candidates:
        if tried and time.perf_counter() - begin > trial_seconds:
            print(f"measuring: no time left to try {candidate} and what follows", file=sys.stderr)
            break
        try:
            tried.append((min(times(make_step(candidate), runs=3, warm_up=1, duration=0.5)), candidate))
        except Exception as error:  # a setting that a peer cannot do
            failure = error
            print(f"measuring: {candidate} failed: {str(error)[:300]}", file=sys.stderr)
    if not tried:
        raise failure
    restart_peak()
    return min(tried, key=lambda pair: pair[0])[1]


def restart_peak():
    """Gives free memory back to the system and counts peak memory from here. Linux only; elsewhere nothing happens."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except (OSError, AttributeError):
        pass


def peak_rss_mib():
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def limit_memory(gib, **fields):
    """Ends the process, with a report line, when its resident memory passes `gib`: a swap storm measures nothing."""
    def watch():
        while True:
            with open("/proc/self/statm") as file:
                resident = int(file.read().split()[1]) * resource.getpagesize()
            if resident > gib * 2**30:
                report(clip_frames=0, seconds=[], stopped=f"passed {gib} GiB resident", **fields)
                os._exit(0)  # a peer that does not fit is a result
            time.sleep(0.05)

    if sys.platform == "linux":
        threading.Thread(target=watch, daemon=True).start()


def report(*, peer, version, model, mode, precision, clip_frames, seconds, **rest):
    """`clip_frames`: frames that one of the runs, which took `seconds`, went through; no seconds where none ended."""
    rate = round(clip_frames / statistics.median(seconds), 1) if seconds else None
    print(json.dumps({
        "peer": peer, "version": version, "model": model, "mode": mode, "precision": precision,
        "frames_per_second": rate, "clip_frames": clip_frames,
        "seconds": [round(time, 5) for time in seconds], "peak_rss_mib": round(peak_rss_mib()),
        "other_cpu": round(other_share, 2), **rest}), flush=True)
