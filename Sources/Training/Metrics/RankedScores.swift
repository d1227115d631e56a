/// Scores of clips that are positive or negative, from the highest down: what the ROC and the precision-recall curve are
/// drawn from. Equal scores are taken together.
package struct RankedScores: Sendable {
    /// How many are positive and negative at a score or above.
    package struct Step: Sendable {
        package var score: Double
        package var positives: Int
        package var negatives: Int
    }

    private let order: [Int]
    private let scores: [Double]
    private let isPositive: [Bool]

    package init(_ scores: [Double], isPositive: [Bool]) {
        self.scores = scores
        self.isPositive = isPositive
        order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
    }

    /// A step for each score that occurs. Cost: linear.
    /// - Parameter weights: how often each clip counts; once where nil.
    func steps(_ weights: [Int]? = nil) -> [Step] {
        var steps: [Step] = []
        forEachStep(weights) { steps.append($0) }
        return steps
    }

    /// The probability that a positive clip scores higher than a negative one, half of it where they are equal: the area
    /// under the ROC curve. Nil without a positive or without a negative clip.
    package func area(_ weights: [Int]? = nil) -> Double? {
        var last = Step(score: .infinity, positives: 0, negatives: 0)
        var twice = 0
        forEachStep(weights) { step in
            twice += (step.negatives - last.negatives) * (step.positives + last.positives)
            last = step
        }
        guard last.positives > 0, last.negatives > 0 else { return nil }
        return Double(twice) / 2 / (Double(last.positives) * Double(last.negatives))
    }

    /// The mean of the precisions at each score, weighted by what the score adds to the recall (scikit-learn's
    /// definition, without interpolation). Nil without a positive clip.
    package func averagePrecision(_ weights: [Int]? = nil) -> Double? {
        var positives = 0
        var sum = 0.0
        forEachStep(weights) { step in
            sum +=
                Double(step.positives - positives) * Double(step.positives)
                / Double(max(step.positives + step.negatives, 1))
            positives = step.positives
        }
        return positives > 0 ? sum / Double(positives) : nil
    }

    private func forEachStep(_ weights: [Int]?, _ body: (Step) -> Void) {
        var step = Step(score: .infinity, positives: 0, negatives: 0)
        var place = 0
        while place < order.count {
            step.score = scores[order[place]]
            let before = step.positives + step.negatives
            while place < order.count, scores[order[place]] == step.score {
                let row = order[place]
                let weight = weights?[row] ?? 1
                if isPositive[row] { step.positives += weight } else { step.negatives += weight }
                place += 1
            }
            if step.positives + step.negatives > before { body(step) }
        }
    }
}
