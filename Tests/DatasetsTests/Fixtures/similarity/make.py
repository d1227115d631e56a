"""Expected similarities of signatures, by NumPy from their definition: writes cases.json beside this file.

    python make.py

Each case has two signatures (8x8 grey levels, `step` seconds apart) and a symmetry in which the second is looked at: the
cosine of the mean pictures without their own means, by how much each strays from its mean picture, and the largest
correlation of the two over all shifts in time, with that shift.
"""

import base64
import json
import pathlib

import numpy as np

random = np.random.default_rng(4)
TURNS = {"same": (1, 1), "mirrored": (1, -1), "flipped": (-1, 1), "turned": (-1, -1)}


def levelled(pictures):
    """Each picture without its own mean."""
    return pictures - pictures.mean(axis=(1, 2), keepdims=True)


def motion(pictures):
    pictures = levelled(pictures)
    return np.sqrt(((pictures - pictures.mean(axis=0)) ** 2).mean())


def cosine(a, b):
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


def correlation(a, b):
    """The best over all shifts in which both overlap for 60 % of the shorter one, and 4 pictures."""
    a, b = levelled(a), levelled(b)
    shorter = min(len(a), len(b))
    least = min(shorter, max(4, int(np.ceil(0.6 * shorter))))
    best = (-1.0, 0)
    for lag in range(least - len(a), len(b) - least + 1):
        start, end = max(0, -lag), min(len(a), len(b) - lag)
        one, other = a[start:end], b[start + lag : end + lag]
        best = max(best, (cosine(one - one.mean(axis=0), other - other.mean(axis=0)), lag), key=lambda pair: pair[0])
    return best


def clip(count):
    scene = random.uniform(40, 200, (1, 8, 8))
    moving = np.cumsum(random.normal(0, 12, (count, 8, 8)), axis=0)
    return np.clip(scene + moving, 0, 255).round()


def encoded(pictures, step):
    return {"step": step, "levels": base64.b64encode(pictures.astype(np.uint8).tobytes()).decode()}


cases = []
for number in range(12):
    name = list(TURNS)[number % 4]
    down, across = TURNS[name]
    first = clip(int(random.integers(9, 40)))
    start = int(random.integers(0, 5))
    noisy = np.clip(first[start:] + random.normal(0, number * 4, first[start:].shape), 0, 255).round()
    second = noisy if number % 3 else clip(int(random.integers(9, 40)))
    best, lag = correlation(first, second)
    double = number % 5 == 4
    stored = second[:, ::down, ::across]
    if double:  # The second is stored at half the step: every other picture is one that the first does not have.
        between = np.repeat(stored, 2, axis=0)
        between[1::2] = clip(len(stored))
        stored = between
    cases.append(
        {
            "first": encoded(first, 0.25),
            "second": encoded(stored, 0.125 if double else 0.25),
            "symmetry": name,
            # Of all pictures that are stored, those between included.
            "scene": cosine(levelled(first).mean(axis=0), levelled(stored[:, ::down, ::across]).mean(axis=0)),
            "motion": [float(motion(first)), float(motion(stored))],
            "correlation": best,
            "shift": lag,
        }
    )
pathlib.Path(__file__).with_name("cases.json").write_text(json.dumps(cases, indent=1) + "\n")
