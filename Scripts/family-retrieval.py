#!/usr/bin/env python3
"""How well vectors find copies: for each file whose family has others, all other files in order of cosine.

  sora embed copies/*.mp4 others/*.mp4 --out vectors.npy
  Scripts/family-retrieval.py vectors.npy copies/

A file in the folder named belongs to the family that its name begins with, up to the first - or _; files elsewhere belong to
none. Prints how often the nearest file is of the family, and the mean average precision. Needs NumPy."""

import re
import sys
from pathlib import Path

import numpy

if len(sys.argv) != 3:
    sys.exit(__doc__)
vectors = numpy.load(sys.argv[1])
paths = [Path(line) for line in Path(sys.argv[1] + ".paths.txt").read_text().splitlines()]
folder = Path(sys.argv[2]).resolve()
families = [re.split("[-_]", p.stem)[0] if p.resolve().parent == folder else None for p in paths]
cosines = vectors @ vectors.T
nearest, precisions = [], []
for query, family in enumerate(families):
    if family is None or families.count(family) < 2:
        continue
    order = [i for i in numpy.argsort(-cosines[query], kind="stable") if i != query]
    hits = numpy.array([families[i] == family for i in order])
    nearest.append(hits[0])
    precisions.append((numpy.cumsum(hits)[hits] / (numpy.flatnonzero(hits) + 1)).mean())
print(f"{len(nearest)} queries among {len(paths)} files: nearest of the family {numpy.mean(nearest):.3f}, "
      f"mean average precision {numpy.mean(precisions):.3f}")
