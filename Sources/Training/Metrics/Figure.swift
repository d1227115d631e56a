/// A number that sums up how well a model does, and that intervals and comparisons are given for.
public enum Figure: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
    /// Share of clips that are right.
    case accuracy
    /// Mean recall of the classes that occur; not with several labels a clip.
    case balancedAccuracy
    /// Mean F1 of the classes.
    case macroF1
    /// Mean area under the classes' ROC curves, each against all others; over the classes that have clips, and others
    /// have too.
    case auc
    /// Mean average precision of the classes that have clips.
    case averagePrecision
    /// Mean cross-entropy.
    case logLoss
    /// Mean squared distance of the probabilities from the truth.
    case brier

    /// As it stands before a number.
    public var name: String {
        switch self {
        case .accuracy: "accuracy"
        case .balancedAccuracy: "balanced accuracy"
        case .macroF1: "macro F1"
        case .auc: "AUC"
        case .averagePrecision: "average precision"
        case .logLoss: "log loss"
        case .brier: "Brier score"
        }
    }

    /// Whether a model is better for a larger one.
    public var isBetterLarger: Bool { self != .logLoss && self != .brier }
}

/// Works out figures of one table again and again, with clips counted as often as a draw has them. What does not depend
/// on that, as the order of the scores, is worked out once.
package struct FigureCalculator: Sendable {
    private let count: Int
    private let isMultiLabel: Bool
    private let truth: [[Int]]
    private let called: [[Int]]
    private let isRight: [Bool]
    private let logLosses: [Double]
    private let briers: [Double]
    private let ranked: [RankedScores]
    /// Whether each class has a clip, or is called for one.
    private let occurs: [Bool]

    package init(_ table: PredictionTable) {
        count = table.count
        isMultiLabel = table.isMultiLabel
        truth = table.rows.map(\.truth)
        called = table.rows.indices.map(table.called)
        isRight = table.rows.indices.map(table.isRight)
        logLosses = table.rows.map { $0.logLoss(isMultiLabel: table.isMultiLabel) }
        briers = table.rows.map { $0.brier(isMultiLabel: table.isMultiLabel) }
        ranked = table.labels.indices.map(table.ranked)
        let found = Set(truth.joined()).union(called.joined())
        occurs = table.labels.indices.map(found.contains)
    }

    /// A figure; nil where it is not defined, as nothing is without clips.
    /// - Parameter weights: how often each clip counts; once where nil.
    package func value(_ figure: Figure, _ weights: [Int]? = nil) -> Double? {
        guard (weights?.contains { $0 > 0 } ?? (count > 0)) else { return nil }
        switch figure {
        case .accuracy: return mean(isRight.map { $0 ? 1 : 0 }, weights)
        case .balancedAccuracy: return isMultiLabel ? nil : balancedAccuracy(weights)
        case .macroF1: return macroF1(weights)
        case .auc: return Self.mean(ranked.compactMap { $0.area(weights) })
        case .averagePrecision: return Self.mean(ranked.compactMap { $0.averagePrecision(weights) })
        case .logLoss: return mean(logLosses, weights)
        case .brier: return mean(briers, weights)
        }
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func mean(_ values: [Double], _ weights: [Int]?) -> Double {
        guard let weights else { return values.reduce(0, +) / Double(max(count, 1)) }
        let sum = zip(values, weights).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        return sum / Double(max(weights.reduce(0, +), 1))
    }

    /// For each class: clips of it that are called so, clips of it, clips called so.
    private func counts(_ weights: [Int]?) -> [(hits: Int, support: Int, called: Int)] {
        var counts = [(hits: Int, support: Int, called: Int)](repeating: (0, 0, 0), count: ranked.count)
        for row in 0..<count {
            let weight = weights?[row] ?? 1
            guard weight > 0 else { continue }
            for label in truth[row] { counts[label].support += weight }
            for label in called[row] {
                counts[label].called += weight
                if truth[row].contains(label) { counts[label].hits += weight }
            }
        }
        return counts
    }

    private func balancedAccuracy(_ weights: [Int]?) -> Double? {
        Self.mean(counts(weights).filter { $0.support > 0 }.map { Double($0.hits) / Double($0.support) })
    }

    /// A class that occurs, but not in this draw, is left out of the draw's mean; one that never occurs counts as 0.
    private func macroF1(_ weights: [Int]?) -> Double? {
        Self.mean(
            zip(counts(weights), occurs).compactMap { count, occurs in
                let total = count.support + count.called
                guard total > 0 else { return occurs ? nil : 0 }
                return 2 * Double(count.hits) / Double(total)
            })
    }
}

extension PredictionTable {
    /// Those of some figures that are defined.
    public func figures(of wanted: [Figure] = Figure.allCases) -> [Figure: Double] {
        let calculator = FigureCalculator(self)
        return wanted.reduce(into: [:]) { $0[$1] = calculator.value($1) }
    }

    /// What its intervals are drawn by.
    public func bootstrap(samples: Int = 1000, seed: UInt64 = 0) -> Bootstrap {
        Bootstrap(groups: rows.map(\.group), samples: samples, seed: seed)
    }

    /// The 95% intervals of the figures, where there are any.
    public func intervals(_ bootstrap: Bootstrap) -> [Figure: Interval] {
        let calculator = FigureCalculator(self)
        let found = bootstrap.intervals(count: Figure.allCases.count) { weights in
            Figure.allCases.map { calculator.value($0, weights) }
        }
        return zip(Figure.allCases, found).reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
}
