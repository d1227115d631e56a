/// How many of the positive and of the negative clips are found as the threshold goes down (receiver operating
/// characteristic), one class against all others.
public struct ROCCurve: Sendable, Hashable, Encodable {
    /// Share of the negative clips that score the threshold or more; begins at 0.
    public var falsePositiveRate: [Double]
    /// Share of the positive clips that do; begins at 0.
    public var truePositiveRate: [Double]
    /// The threshold of each point; nil for the first, which no score reaches.
    public var threshold: [Double?]

    /// A point for each score that occurs. Nil without a positive or without a negative clip.
    init?(_ scores: RankedScores) {
        let steps = scores.steps()
        guard let last = steps.last, last.positives > 0, last.negatives > 0 else { return nil }
        falsePositiveRate = [0] + steps.map { Double($0.negatives) / Double(last.negatives) }
        truePositiveRate = [0] + steps.map { Double($0.positives) / Double(last.positives) }
        threshold = [nil] + steps.map(\.score)
    }
}

/// Precision and recall as the threshold goes down, one class against all others.
public struct PrecisionRecallCurve: Sendable, Hashable, Encodable {
    /// Share of the clips that score the threshold or more which are positive; begins at 1, where none does.
    public var precision: [Double]
    /// Share of the positive clips that score the threshold or more; begins at 0.
    public var recall: [Double]
    /// The threshold of each point; nil for the first, which no score reaches.
    public var threshold: [Double?]

    /// A point for each score that occurs. Nil without a positive clip.
    init?(_ scores: RankedScores) {
        let steps = scores.steps()
        guard let last = steps.last, last.positives > 0 else { return nil }
        precision = [1] + steps.map { Double($0.positives) / Double($0.positives + $0.negatives) }
        recall = [0] + steps.map { Double($0.positives) / Double(last.positives) }
        threshold = [nil] + steps.map(\.score)
    }
}

/// The curves of one class.
public struct ClassCurves: Sendable, Hashable, Encodable {
    /// The class.
    public var label: String
    /// Nil where there is no clip of the class, or no other one.
    public var roc: ROCCurve?
    /// Nil where there is no clip of the class.
    public var precisionRecall: PrecisionRecallCurve?
}

extension PredictionTable {
    /// One class's probabilities, against all others.
    package func ranked(_ label: Int) -> RankedScores {
        RankedScores(rows.map { $0.probabilities[label] }, isPositive: rows.map { $0.truth.contains(label) })
    }

    /// The curves of each class, in the model's order.
    public var curves: [ClassCurves] {
        labels.indices.map { label in
            let scores = ranked(label)
            return ClassCurves(
                label: labels[label], roc: ROCCurve(scores), precisionRecall: PrecisionRecallCurve(scores))
        }
    }
}
