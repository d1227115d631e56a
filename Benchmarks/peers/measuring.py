"""Times a step, and prints the one JSON line that every peer script ends with."""

import json
import os
import resource
import statistics
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


def seconds(step, runs=5, warm_up=2):
    """The median time of `step()` over `runs` runs, after `warm_up` that do not count."""
    for _ in range(warm_up):
        step()
    global other_share
    times, busy, own, begin = [], busy_seconds(), time.process_time(), time.perf_counter()
    for _ in range(runs):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    others = busy_seconds() - busy - (time.process_time() - own)
    other_share = max(0.0, others / (time.perf_counter() - begin) / os.cpu_count())
    return statistics.median(times)


def best(candidates, make_step, frames, runs=5):
    """Tries each candidate setting once, then measures the quickest. Returns (frames per second, setting)."""
    def trial(candidate):
        return seconds(make_step(candidate), runs=1, warm_up=1)

    chosen = min(candidates, key=trial) if len(candidates) > 1 else candidates[0]
    return frames / seconds(make_step(chosen), runs), chosen


def peak_rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def limit_memory(gib, **fields):
    """Ends the process, with a report line, when its resident memory passes `gib`: a swap storm measures nothing."""
    def watch():
        while True:
            with open("/proc/self/statm") as file:
                resident = int(file.read().split()[1]) * resource.getpagesize()
            if resident > gib * 2**30:
                report(frames_per_second=None, stopped=f"passed {gib} GiB resident", **fields)
                os._exit(0)  # a peer that does not fit is a result
            time.sleep(0.05)

    threading.Thread(target=watch, daemon=True).start()


def report(*, peer, version, model, mode, precision, frames_per_second, **rest):
    rate = round(frames_per_second, 1) if frames_per_second else None
    print(json.dumps({
        "peer": peer, "version": version, "model": model, "mode": mode, "precision": precision,
        "frames_per_second": rate, "peak_rss_mib": round(peak_rss_mib()),
        "other_cpu": round(other_share, 2), **rest}), flush=True)
