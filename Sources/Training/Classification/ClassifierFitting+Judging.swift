import Classifiers
public import Datasets
import Media
import SoraModel

extension ClassifierFitting {
    /// What classifiers say of clips that they were not fitted to: for each fold one is fitted to the others, its settings
    /// chosen among those alone.
    /// - Parameters:
    ///   - clips: all that are known, by their positions in the manifest.
    ///   - rounds: what is held out, fold by fold.
    ///   - training: positions of the clips that may be fitted to; others are judged only.
    ///   - folds: deals some clips out, to choose settings on; none to take those in the middle.
    ///   - observe: told how many folds are done.
    /// - Returns: a row for each held-out clip, marked with its fold.
    /// - Throws: as `fit`; `TrainingError.data` if a fold has no clip to judge.
    public func judge(
        _ clips: ClassifierClips, of manifest: Manifest, rounds: [Fold], training: Set<Int>,
        folds: ([Int]) throws -> [Fold], observe: (Int) -> Void = { _ in }
    ) throws -> PredictionTable {
        var rows: [PredictionTable.Row] = []
        for (number, round) in rounds.enumerated() {
            let (kept, judged) = (training.intersection(round.training), Set(round.heldOut))
            var part = clips
            part.clips = clips.clips.filter { kept.contains($0.item) }
            guard Set(part.clips.map(\.label)).count > 1 else {
                throw TrainingError(
                    .data,
                    "\(manifest.source): without fold \(round.name) all clips to fit to are of one class; judge by a column "
                        + "whose values each leave clips of two")
            }
            let classifier = try fit(part, folds: folds(part.clips.map(\.item))).classifier.classifier
            let heldOut = clips.clips.filter { judged.contains($0.item) }
            guard !heldOut.isEmpty else {
                throw TrainingError(.data, "\(manifest.source): of fold \(round.name) no clip could be decoded")
            }
            for clip in heldOut {
                let item = manifest.items[clip.item]
                rows.append(
                    PredictionTable.Row(
                        path: item.path, start: item.start?.seconds, end: item.end?.seconds, group: item.group,
                        fold: round.name, truth: [clip.label],
                        probabilities: try classifier.probabilities(clip.vectors.first ?? []).map(Double.init)))
            }
            observe(number + 1)
        }
        return try PredictionTable(labels: clips.labels, isMultiLabel: false, rows: rows)
    }
}
