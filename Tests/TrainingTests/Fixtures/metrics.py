"""Writes metrics.json: figures from scikit-learn and statsmodels for random labels.

    pip install scikit-learn statsmodels && python metrics.py
"""

import json
import pathlib

import numpy as np
from sklearn import metrics as m
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(11)


def scores(truth, found, labels):
    p, r, f, s = m.precision_recall_fscore_support(truth, found, labels=labels, zero_division=0)
    a = [m.precision_recall_fscore_support(truth, found, labels=labels, average="macro", zero_division=0)[i] for i in range(3)]
    accuracy, n = m.accuracy_score(truth, found), len(truth)
    low, high = proportion_confint(round(accuracy * n), n, method="wilson")
    return dict(
        precision=p.tolist(), recall=r.tolist(), f1=f.tolist(), support=s.tolist(), macro=[float(v) for v in a],
        accuracy=float(accuracy), interval=[float(low), float(high)])


def single(classes, count, truths, calls):
    truth, found = rng.choice(truths, count), rng.choice(calls, count)
    found = np.where(rng.random(count) < 0.5, truth, found)
    return scores(truth, found, list(range(classes))) | dict(
        classes=classes, truth=truth.tolist(), predicted=found.tolist(),
        balanced=float(m.balanced_accuracy_score(truth, found)),
        confusion=m.confusion_matrix(truth, found, labels=list(range(classes))).tolist())


truth = (rng.random((40, 4)) < [0.5, 0.2, 0.0, 0.3]).astype(int)
probabilities = np.round(np.clip(truth * 0.4 + rng.random((40, 4)) * 0.6, 0, 1), 3)
found = (probabilities >= 0.5).astype(int)
multi = scores(truth, found, None) | dict(
    truth=[np.flatnonzero(row).tolist() for row in truth], probabilities=probabilities.tolist(),
    micro=float(m.f1_score(truth, found, average="micro", zero_division=0)))
# Class 3 of the first never occurs, class 1 is never called; of the second, class 0 is neither.
cases = dict(single=[single(4, 50, [0, 1, 2], [0, 2, 3]), single(3, 30, [1, 2], [1, 2]), single(2, 17, [0, 1], [0, 1])], multi=multi)
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(cases) + "\n")
