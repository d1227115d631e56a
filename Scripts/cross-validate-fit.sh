#!/bin/sh
# Fits a classifier to all folds but one and evaluates on that one, for each value of a column, by the command line alone
# ('sora crossvalidate' does the same for training):
#
#   Scripts/cross-validate-fit.sh clips.csv GROUP_COLUMN FOLD_COLUMN OUT_DIR [sora fit options…]
#   Scripts/cross-validate-fit.sh fights/clips.csv source_group fold4 /tmp/fights --classifier svm --preset resnet18 --weights w.safetensors
#
# Prints each fold's accuracy and macro F1, then both over all clips. Models and reports stay in OUT_DIR, and the clips'
# vectors for the next run. FIT names another manifest to fit on, a part of the clips say, while all are evaluated.
set -eu
[ $# -ge 4 ] || { echo "usage: $0 clips.csv GROUP_COLUMN FOLD_COLUMN OUT_DIR [sora fit options…]" >&2; exit 2; }
data=$1 group=$2 column=$3 out=$4
shift 4
sora=${SORA:-$(dirname "$0")/../.build/release/sora}
mkdir -p "$out"
folds=$(python3 -c 'import csv, sys
print(*sorted({row[sys.argv[2]] for row in csv.DictReader(open(sys.argv[1]))}))' "$data" "$column")
for fold in $folds; do
    "$sora" fit --data "${FIT:-$data}" --group-by "$group" --hold-out "$column=$fold" --out "$out/$fold.safetensors" \
        --cache "$out/vectors" --name fitted --default "$@"
    "$sora" evaluate "$out/$fold.safetensors" --data "$data" --only "$column=$fold" --cache "$out/vectors" \
        --json >"$out/$fold.json"
done
# shellcheck disable=SC2086  # a list of words
python3 - "$out" $folds <<'PYTHON'
import json, sys

out, *folds = sys.argv[1:]
total = right = 0
confusion = None
for fold in folds:
    metrics = json.load(open(f"{out}/{fold}.json"))["metrics"]
    print(f"fold {fold}: accuracy {metrics['accuracy']:.3f}, macro F1 {metrics['macroF1']:.3f}, {metrics['count']} clips")
    matrix = metrics["confusion"]
    confusion = matrix if confusion is None else [[a + b for a, b in zip(*rows)] for rows in zip(confusion, matrix)]
total, right = sum(map(sum, confusion)), sum(confusion[i][i] for i in range(len(confusion)))
scores = []
for i in range(len(confusion)):
    predicted, true = sum(row[i] for row in confusion), sum(confusion[i])
    scores.append(2 * confusion[i][i] / (predicted + true) if predicted + true else 0)
print(f"all: accuracy {right / total:.3f}, macro F1 {sum(scores) / len(scores):.3f}, {total} clips")
PYTHON
