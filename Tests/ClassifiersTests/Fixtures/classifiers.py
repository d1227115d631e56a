"""Makes classifiers.json: what scikit-learn and XGBoost's own Python package make of fixed vectors.

    pip install numpy scikit-learn==1.5.2 xgboost==1.7.4
    python classifiers.py

XGBoost is the version that Debian 12 has, so that the same trees can be asked for.
"""
import json
import os

import numpy as np
import xgboost
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(7)
FEATURES, CLASSES = 5, 3
# Classes of unequal size, which overlap; features of unequal scale.
sizes = [30, 14, 22]
centres = rng.normal(size=(CLASSES, FEATURES)) * 1.1
scale, shift = np.array([1, 0.1, 20, 3, 0.5]), np.array([0.3, 2, -5, 1, 4])


def draw(counts):
    rows = np.concatenate([centres[c] + rng.normal(size=(n, FEATURES)) for c, n in enumerate(counts)])
    return (rows * scale + shift).astype(np.float32)


train, test = draw(sizes), draw([6, 5, 7])
labels = np.repeat(np.arange(CLASSES), sizes)
order = rng.permutation(len(train))
train, labels = train[order], labels[order]
x, t = train.astype(np.float64), test.astype(np.float64)
scaler = StandardScaler().fit(x)
xs, ts = scaler.transform(x), scaler.transform(t)
out = {"train": train.ravel().tolist(), "labels": labels.tolist(), "test": test.ravel().tolist(),
       "features": FEATURES, "classes": CLASSES, "mean": scaler.mean_.tolist(), "deviation": scaler.scale_.tolist()}


def machine(**options):
    model = SVC(C=2.0, probability=True, decision_function_shape="ovo", random_state=3, **options).fit(xs, labels)
    return {
        "decisions": model.decision_function(ts).tolist(), "probabilities": model.predict_proba(ts).tolist(),
        "vectors": model.support_vectors_.tolist(), "counts": model.n_support_.tolist(),
        "coefficients": model.dual_coef_.tolist(), "offsets": (-model.intercept_).tolist(),
        "slopes": model.probA_.tolist(), "shifts": model.probB_.tolist()}


out["svm"] = machine(kernel="rbf", gamma=0.15)
out["linear"] = machine(kernel="linear")
out["weightedDecisions"] = SVC(
    C=2.0, kernel="rbf", gamma=0.15, class_weight="balanced", decision_function_shape="ovo"
).fit(xs, labels).decision_function(ts).tolist()

out["logistic"] = []
for weight in [None, "balanced"]:
    for penalty in [0.01, 0.3]:
        model = LogisticRegression(C=1 / (len(x) * penalty), tol=1e-10, max_iter=100_000, class_weight=weight)
        model.fit(xs, labels)
        out["logistic"].append({
            "lambda": penalty, "isBalanced": weight is not None, "weights": model.coef_.ravel().tolist(),
            "biases": model.intercept_.tolist(), "probabilities": model.predict_proba(ts).tolist()})

out["neighbours"], out["prototypes"] = [], []
for centred in [0, 1]:
    a, b = (x - x.mean(0), t - x.mean(0)) if centred else (x, t)
    for k in [1, 4]:
        model = KNeighborsClassifier(k, weights="distance", metric="cosine").fit(a, labels)
        out["neighbours"].append({"centred": centred, "k": k, "probabilities": model.predict_proba(b).tolist()})
    unit = a / np.linalg.norm(a, axis=1, keepdims=True)
    means = np.stack([unit[labels == c].mean(0) for c in range(CLASSES)])
    powers = np.exp(10 * cosine_similarity(b, means))
    out["prototypes"].append(
        {"centred": centred, "probabilities": (powers / powers.sum(1, keepdims=True)).tolist()})

out["trees"] = []
for depth, leaf, weight in [(2, 1, None), (4, 4, None), (4, 6, "balanced")]:
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, class_weight=weight, random_state=0)
    model.fit(train, labels)
    tree = model.tree_
    # Of questions that are as good as one another it draws one: there should be none.
    for seed in range(1, 20):
        other = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, class_weight=weight, random_state=seed)
        assert (other.fit(train, labels).tree_.feature == tree.feature).all(), "choose another depth or leaf"
    out["trees"].append({
        "depth": depth, "leaf": leaf, "isBalanced": weight is not None,
        "features": [int(f) if f >= 0 else -1 for f in tree.feature],
        "thresholds": [float(v) if f >= 0 else 0.0 for v, f in zip(tree.threshold, tree.feature)],
        "left": [max(int(n), 0) for n in tree.children_left], "right": [max(int(n), 0) for n in tree.children_right],
        "counts": tree.n_node_samples.tolist(), "probabilities": model.predict_proba(test).tolist()})

out["boosted"] = []
for depth, rounds, balanced in [(1, 10, False), (3, 25, False), (2, 15, True)]:
    counts = np.bincount(labels)
    weights = (len(labels) / (CLASSES * counts))[labels] if balanced else np.ones(len(labels))
    booster = xgboost.train(
        {"objective": "multi:softprob", "num_class": CLASSES, "max_depth": depth, "eta": 0.1, "lambda": 1,
         "min_child_weight": 1, "tree_method": "hist", "nthread": 1, "colsample_bytree": 0.5, "seed": 11,
         "base_score": 0.5},
        xgboost.DMatrix(train, labels, weight=weights), rounds)
    out["boosted"].append({
        "depth": depth, "rounds": rounds, "isBalanced": balanced,
        "probabilities": booster.predict(xgboost.DMatrix(test)).astype(float).tolist()})

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "classifiers.json")
with open(path, "w") as file:
    json.dump(out, file, indent=None, separators=(",", ":"), sort_keys=True)
    file.write("\n")
