/// What becomes of a model that answers "unknown" rather than a class of which it is not sure enough.
public struct Abstention: Sendable, Hashable, Codable {
    /// The probability below which the answer is "unknown".
    public var threshold: Double
    /// Clips that get another answer.
    public var answered: Int
    /// Their share of all clips.
    public var coverage: Double
    /// Share of the answers that are right; nil where there are none.
    public var accuracy: Double?
    /// The 95% interval of that share (Wilson); nil where there are none.
    public var accuracyInterval: Interval?

    /// - Parameters:
    ///   - threshold: the probability below which the answer is "unknown".
    ///   - answered: clips that get another one.
    ///   - right: how many of those are right.
    ///   - count: all clips.
    init(threshold: Double, answered: Int, right: Int, of count: Int) {
        self.threshold = threshold
        self.answered = answered
        coverage = count > 0 ? Double(answered) / Double(count) : 0
        guard answered > 0 else { return }
        let share = Proportion(right, of: answered)
        accuracy = share.value
        accuracyInterval = Interval(lower: share.lower, upper: share.upper)
    }
}

extension PredictionTable {
    /// What becomes of the clips where those whose likeliest class has a lower probability than `threshold` are
    /// "unknown".
    /// - Throws: `TrainingError.options` with several labels a clip: such a model may answer with no label at all.
    public func abstention(below threshold: Double) throws -> Abstention {
        try requireSingleLabels()
        let answered = rows.indices.filter { (rows[$0].probabilities.max() ?? 0) >= threshold }
        return Abstention(
            threshold: threshold, answered: answered.count, right: answered.count(where: isRight), of: count)
    }

    /// The lowest threshold at which the share of right answers is at least `accuracy`: it leaves most clips an answer.
    /// - Returns: nil where no threshold does.
    /// - Throws: as `abstention(below:)`.
    public func threshold(forAccuracy accuracy: Double) throws -> Double? {
        try requireSingleLabels()
        let (confidences, isRight) = decisions
        let steps = RankedScores(confidences, isPositive: isRight).steps()
        // A share of 7 in 100 is reached by 7, whatever 0.07 * 100 is rounded to.
        return steps.last { Double($0.positives) >= accuracy * Double($0.positives + $0.negatives) - 1e-9 }?.score
    }

    private func requireSingleLabels() throws {
        guard isMultiLabel else { return }
        throw TrainingError(
            .options, "\"unknown\" is an answer of models with one label a clip; this one may give none as it is")
    }
}

extension PredictionTable {
    /// What becomes of the clips at each threshold that makes a difference, from the highest down; empty with several
    /// labels a clip.
    public var coverage: [Abstention] {
        guard !isMultiLabel else { return [] }
        let (confidences, isRight) = decisions
        return RankedScores(confidences, isPositive: isRight).steps().map { step in
            Abstention(
                threshold: step.score, answered: step.positives + step.negatives, right: step.positives, of: count)
        }
    }
}
