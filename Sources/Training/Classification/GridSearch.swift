public import Classifiers
public import Datasets
import Foundation
public import SoraModel

/// Compares the settings of a classifier on clips that it was not fitted to, by cross-validation: clips of one group are
/// on one side of every fold.
public struct GridSearch: Sendable, Encodable {
    /// How one combination of settings did.
    public struct Row: Sendable, Encodable {
        /// The settings.
        public var settings: ClassifierSettings
        /// Mean recall of the classes that occur, averaged over the folds: what the choice is made by.
        public var balancedAccuracy: Double
        /// The standard deviation of that over the folds.
        public var deviation: Double
        /// Mean F1 of the classes, over all clips together.
        public var macroF1: Double
    }

    /// A row for each combination, in the order in which they were given.
    public let rows: [Row]
    /// The place of the best row: the first of several, which is the simplest.
    public let best: Int
    /// How many folds there were.
    public let folds: Int

    /// The best settings' figures.
    public var score: ClipClassifier.Score {
        let row = rows[best]
        return ClipClassifier.Score(
            balancedAccuracy: row.balancedAccuracy, deviation: row.deviation, macroF1: row.macroF1, folds: folds)
    }

    /// - Parameters:
    ///   - clips: with all their views; those of held-out clips are judged by the first alone.
    ///   - settings: at least one.
    ///   - folds: of positions in the manifest; clips in none of them are not used.
    ///   - observe: told how many folds are done.
    /// - Throws: `ClassifierError` if a fold leaves too little to fit to, `TrainingError.data` if it leaves nothing to judge.
    public init(
        _ kind: ClassifierKind, _ clips: ClassifierClips, settings: [ClassifierSettings], folds: [Fold],
        seed: UInt64, observe: (Int) -> Void = { _ in }
    ) throws {
        var recalls = [[Double]](repeating: [], count: settings.count)
        var predicted = [[Int]](repeating: [], count: settings.count)
        var truth: [Int] = []
        for (place, fold) in folds.enumerated() {
            let training = try clips.vectors(of: Set(fold.training), views: .all)
            let judged = Set(fold.heldOut)
            let heldOut = clips.clips.filter { judged.contains($0.item) }
            guard !heldOut.isEmpty else {
                throw TrainingError(.data, "fold \(fold.name) has no clip to judge by; give fewer --folds")
            }
            let labels = heldOut.map(\.label)
            truth += labels
            for (index, classifier) in try kind.fit(training, settings, seed: seed).enumerated() {
                let found = try heldOut.map { try classifier.probabilities($0.vectors[0]).likeliest }
                predicted[index] += found
                let measured = try Evaluation(labels: clips.labels, truth: labels, predicted: found)
                recalls[index].append(measured.balancedAccuracy ?? 0)
            }
            observe(place + 1)
        }
        rows = try settings.indices.map { index in
            let values = recalls[index]
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return Row(
                settings: settings[index], balancedAccuracy: mean,
                deviation: (squares / Double(max(values.count - 1, 1))).squareRoot(),
                macroF1: try Evaluation(labels: clips.labels, truth: truth, predicted: predicted[index]).macroF1)
        }
        let scores = rows.map(\.balancedAccuracy)
        // As good to nine digits is as good.
        best = scores.firstIndex { $0 >= (scores.max() ?? 0) - 1e-9 } ?? 0
        self.folds = folds.count
    }

    /// The table, the chosen row marked.
    public var text: String {
        let width = max(rows.map(\.settings.description.count).max() ?? 0, 8)
        func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
        let lines = rows.enumerated().map { place, row in
            "\(place == best ? "*" : " ") \(padded(row.settings.description))  "
                + String(format: "      %.3f ±%.3f     %.3f", row.balancedAccuracy, row.deviation, row.macroF1)
        }
        return (["  \(padded("settings"))  balanced accuracy  macro F1"] + lines).joined(separator: "\n")
    }
}
