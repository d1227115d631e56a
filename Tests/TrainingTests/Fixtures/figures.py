"""Writes figures.json: what scikit-learn, SciPy and NumPy make of random predictions.

    pip install scikit-learn scipy && python figures.py
"""

import json
import pathlib

import numpy as np
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

rng = np.random.default_rng(23)
BINS = 15


def numbers(values):
    return [None if np.isinf(v) else float(v) for v in np.asarray(values, float)]


def curves(truth, scores):
    """One class against all others."""
    false, true, threshold = m.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, levels = m.precision_recall_curve(truth, scores)
    return dict(
        auc=m.roc_auc_score(truth, scores), averagePrecision=m.average_precision_score(truth, scores),
        falsePositiveRate=numbers(false), truePositiveRate=numbers(true), threshold=numbers(threshold),
        precision=numbers(precision[::-1]), recall=numbers(recall[::-1]), levels=numbers(levels[::-1]))


def reliability(outcome, probability):
    share, mean = calibration_curve(outcome, probability, n_bins=BINS)
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.bincount(np.searchsorted(edges[1:-1], probability), minlength=BINS)
    counts = counts[counts > 0]
    return dict(
        share=numbers(share), probability=numbers(mean), count=counts.tolist(),
        expectedError=float((counts / counts.sum() * np.abs(share - mean)).sum()),
        largestError=float(np.abs(share - mean).max()))


def single(classes, count, ties):
    truth = rng.integers(0, classes, count)
    alpha = np.full((count, classes), 0.6) + 1.5 * np.eye(classes)[truth]
    p = np.array([rng.dirichlet(a) for a in alpha])
    if ties:
        p = np.array([1 + rng.multinomial(20 - classes, row) for row in p]) / 20
    else:
        p = (p + 0.01) / (p + 0.01).sum(1, keepdims=True)
    predicted = p.argmax(1)
    case = dict(
        labels=[f"c{i}" for i in range(classes)], truth=truth.tolist(), probabilities=p.tolist(),
        curves=[curves(truth == c, p[:, c]) for c in range(classes)],
        figures=dict(
            accuracy=m.accuracy_score(truth, predicted), balancedAccuracy=m.balanced_accuracy_score(truth, predicted),
            macroF1=m.f1_score(truth, predicted, average="macro"),
            logLoss=m.log_loss(truth, p, labels=range(classes)),
            brier=m.brier_score_loss(truth, p) if classes > 2 else m.brier_score_loss(truth, p[:, 1]),
            auc=float(np.mean([m.roc_auc_score(truth == c, p[:, c]) for c in range(classes)])),
            averagePrecision=float(np.mean([m.average_precision_score(truth == c, p[:, c]) for c in range(classes)]))),
        reliability=reliability(truth == predicted, p.max(1)))
    if classes > 2 and not ties:
        case["figures"]["auc"] = m.roc_auc_score(truth, p, multi_class="ovr", average="macro")
        case["top"] = [m.top_k_accuracy_score(truth, p, k=k, labels=range(classes)) for k in range(1, classes)]
    # For each share of right answers that is wanted: the lowest threshold that gives it, by trying all.
    confidence = p.max(1)
    case["wanted"] = []
    for share in [0.5, 0.7, 0.9, 0.999]:
        found = [t for t in np.unique(confidence) if (truth == predicted)[confidence >= t].mean() >= share]
        answered = confidence >= found[0] if found else np.zeros(count, bool)
        case["wanted"].append(dict(
            share=share, threshold=float(found[0]) if found else None, answered=int(answered.sum()),
            accuracy=float((truth == predicted)[answered].mean()) if found else None))
    return case


def multi(classes, count):
    truth = (rng.random((count, classes)) < 0.4).astype(int)
    p = np.round(np.clip(0.05 + truth * 0.35 + rng.random((count, classes)) * 0.55, 0.01, 0.99), 2)
    return dict(
        labels=[f"c{i}" for i in range(classes)], truths=[np.flatnonzero(row).tolist() for row in truth],
        probabilities=p.tolist(), curves=[curves(truth[:, c], p[:, c]) for c in range(classes)],
        figures=dict(
            accuracy=m.accuracy_score(truth, p >= 0.5), macroF1=m.f1_score(truth, p >= 0.5, average="macro"),
            auc=m.roc_auc_score(truth, p, average="macro"),
            averagePrecision=m.average_precision_score(truth, p, average="macro"),
            logLoss=float(np.mean([m.log_loss(truth[:, c], p[:, c]) for c in range(classes)])),
            brier=float(np.mean([m.brier_score_loss(truth[:, c], p[:, c]) for c in range(classes)]))),
        reliability=reliability(truth.ravel(), p.ravel()))


def temperature(head, classes, count):
    """The temperature of least cross-entropy, by minimisation over its logarithm."""
    logits = np.round(rng.normal(0, 3, (count, 1 if head == "binary" else classes)), 4)
    if head == "multiClass":
        truth = np.array([rng.choice(classes, p=scipy.special.softmax(row / 1.7)) for row in logits])
        truths = [[int(t)] for t in truth]

        def loss(x):
            scaled = logits / np.exp(x)
            return -np.mean(scaled[np.arange(count), truth] - scipy.special.logsumexp(scaled, axis=1))
    else:
        truth = (rng.random(logits.shape) < scipy.special.expit(logits / 2.2)).astype(int)
        truths = [[int(row[0])] for row in truth] if head == "binary" else [np.flatnonzero(r).tolist() for r in truth]

        def loss(x):
            scaled = logits / np.exp(x)
            return np.mean(np.logaddexp(0, scaled) - truth * scaled)
    found = scipy.optimize.minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded", options=dict(xatol=1e-12))
    return dict(head=head, logits=logits.tolist(), truth=truths, temperature=float(np.exp(found.x)))


values = np.round(rng.normal(0, 1, 37), 3)
pairs = [(0, 0), (0, 1), (1, 0), (0, 9), (3, 3), (2, 11), (14, 30), (400, 331), (2500, 2390)]
document = dict(
    generator="figures.py", sklearn=sklearn.__version__,
    single=[single(2, 60, False), single(2, 50, True), single(5, 90, False), single(4, 80, True)], multi=multi(3, 50),
    temperatures=[temperature("multiClass", 4, 70), temperature("binary", 2, 60), temperature("multiLabel", 3, 50)],
    mcNemar=[dict(a=a, b=b, p=float(scipy.stats.binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0) for a, b in pairs],
    percentiles=dict(
        values=values.tolist(), shares=[0, 0.025, 0.5, 0.975, 1],
        found=np.quantile(values, [0, 0.025, 0.5, 0.975, 1]).tolist()))
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document))
