#!/bin/sh
# Trains on all folds but one and evaluates on that one, for each value of a column, by the command line alone:
#
#   Scripts/cross-validate.sh clips.csv GROUP_COLUMN FOLD_COLUMN OUT_DIR [sora train options…]
#   Scripts/cross-validate.sh clips.csv GROUP_COLUMN FOLD_COLUMN OUT_DIR fit [sora fit options…]
#   Scripts/cross-validate.sh fights/clips.csv source_group fold4 /tmp/fights --epochs 15
#   Scripts/cross-validate.sh fights/clips.csv source_group fold4 /tmp/fights fit --classifier svm --preset resnet18 --weights w.safetensors
#
# Prints each fold's accuracy and macro F1, then both over all clips. Models and reports stay in OUT_DIR.
set -eu
[ $# -ge 4 ] || { echo "usage: $0 clips.csv GROUP_COLUMN FOLD_COLUMN OUT_DIR [fit] [sora train or fit options…]" >&2; exit 2; }
data=$1 group=$2 column=$3 out=$4
shift 4
command=train
cache=
if [ "${1:-}" = fit ]; then
    command=fit
    shift
    # The clips' vectors are the same for all folds.
    cache=$out/vectors
fi
sora=${SORA:-$(dirname "$0")/../.build/release/sora}
mkdir -p "$out"
folds=$(python3 -c 'import csv, sys
print(*sorted({row[sys.argv[2]] for row in csv.DictReader(open(sys.argv[1]))}))' "$data" "$column")
for fold in $folds; do
    "$sora" "$command" --data "$data" --group-by "$group" --hold-out "$column=$fold" --out "$out/$fold.safetensors" \
        ${cache:+--cache "$cache"} "$@"
    "$sora" evaluate "$out/$fold.safetensors" --data "$data" --only "$column=$fold" \
        ${cache:+--cache "$cache"} --json >"$out/$fold.json"
done
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
