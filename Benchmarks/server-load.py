#!/usr/bin/env python3
"""Asks a running 'sora serve' for all it offers, from many clients at once, and says how it bore that.

  Benchmarks/server-load.py http://127.0.0.1:8080 --pid PID --clip part.mp4 [--clients 64] [--seconds 60]

Half of the requests are searches by parts of indexed videos and by segments, the rest pictures, films, byte ranges, lists, and
one in fifty an upload. A 503 is a server that says that it is full; anything else but 2xx is an error.
"""

import argparse
import collections
import http.client
import json
import random
import threading
import time
import urllib.parse

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("--pid", type=int, help="the server's process, to watch its memory")
parser.add_argument("--clip", help="a small video to upload")
parser.add_argument("--clients", type=int, default=64)
parser.add_argument("--seconds", type=float, default=60)
arguments = parser.parse_args()
place = urllib.parse.urlsplit(arguments.url)


def connect():
    return http.client.HTTPConnection(place.hostname, place.port, timeout=120)


def ask(connection, method, path, body=None, headers=None):
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def memory():
    if not arguments.pid:
        return None
    with open(f"/proc/{arguments.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


first = connect()
videos = json.loads(ask(first, "GET", "/api/videos?count=1000")[1])["videos"]
segments = [
    segment["segment"]
    for video in videos[:50]
    for segment in json.loads(ask(first, "GET", f"/api/videos/{video['id']}")[1])["segments"]
]
clip = open(arguments.clip, "rb").read() if arguments.clip else None
times, statuses, errors = collections.defaultdict(list), collections.Counter(), []
lock = threading.Lock()
end = time.monotonic() + arguments.seconds


def client(number):
    choice = random.Random(number)
    connection = connect()
    while time.monotonic() < end:
        video = choice.choice(videos)
        start = choice.uniform(0, max(0, video["duration"] - 3))
        draw = choice.random()
        method, body, headers = "GET", None, {}
        if draw < 0.35:
            kind, path = "search by part", f"/api/search?video={video['id']}&from={start:.2f}&to={start + 3:.2f}"
        elif draw < 0.5:
            kind, path = "search by segment", f"/api/search?like={choice.choice(segments)}"
        elif draw < 0.65:
            kind, path = "thumbnail", f"/api/videos/{video['id']}/thumbnail?time={start:.1f}"
        elif draw < 0.7:
            kind, path = "film", f"/api/videos/{video['id']}/preview?from={start:.0f}&to={start + 3:.0f}"
        elif draw < 0.85:
            kind, path, headers = "bytes", f"/api/videos/{video['id']}/file", {"Range": "bytes=0-65535"}
        elif draw < 0.98 or not clip:
            kind, path = "list", choice.choice(["/api/videos?count=20", "/api/health", "/metrics", "/api/labels"])
        else:
            kind, method, path, body = "search by upload", "POST", "/api/search?count=5", clip
        began = time.monotonic()
        try:
            status, answer = ask(connection, method, path, body, headers)
        except Exception as error:  # noqa: BLE001
            status, answer = "broken", str(error).encode()
            connection.close()
            connection = connect()
        took = time.monotonic() - began
        with lock:
            statuses[status] += 1
            if status in (200, 206):
                times[kind].append(took)
            elif status != 503:
                errors.append((kind, status, answer[:200]))
        if status == 503:
            time.sleep(0.2)


before = memory()
threads = [threading.Thread(target=client, args=(number,)) for number in range(arguments.clients)]
samples = []
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    time.sleep(1)
    samples.append(memory())
print(f"{arguments.clients} clients, {arguments.seconds:.0f} s: " + ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items(), key=str)))
for kind, each in sorted(times.items()):
    each.sort()
    print(f"  {kind:18} {len(each):6} answers, {1000 * each[len(each) // 2]:7.1f} ms median, {1000 * each[len(each) * 99 // 100]:7.1f} ms p99")
if before is not None:
    half = len(samples) // 2
    print(f"memory: {before:.0f} MiB before, {samples[half]:.0f} half way, {samples[-1]:.0f} at the end")
for kind, status, answer in errors[:10]:
    print("error:", kind, status, answer)
raise SystemExit(1 if errors else 0)
