import Foundation

/// Two models on the same clips: whether one is better by more than chance.
public struct PairedComparison: Sendable, Hashable, Encodable {
    /// One figure of both.
    public struct Difference: Sendable, Hashable, Encodable {
        /// Which figure.
        public var figure: Figure
        /// That of the first model.
        public var first: Double
        /// That of the second model.
        public var second: Double
        /// The second's less the first's.
        public var difference: Double
        /// The 95% interval of the difference, from the same draws of clips for both.
        public var interval: Interval?
    }

    /// Clips that both models judged.
    public var count: Int
    /// What the intervals are drawn by: groups of clips, and clips without one.
    public var units: Int
    /// Clips that only one of them judged, which are left out.
    public var unpaired: Int
    /// Clips that both are right about.
    public var bothRight: Int
    /// Clips that only the first is right about.
    public var onlyFirstRight: Int
    /// Clips that only the second is right about.
    public var onlySecondRight: Int
    /// Clips that neither is right about.
    public var bothWrong: Int
    /// The probability, if both are right equally often, of clips that only one is right about being shared out as
    /// unevenly as here, or more: McNemar's exact test, two-sided. It takes each clip as independent of the others.
    public var mcNemar: Double
    /// The figures that are defined for both.
    public var differences: [Difference]

    /// - Throws: `TrainingError.data` if the classes differ, a clip's labels do, or no clip is in both tables.
    public init(_ first: PredictionTable, _ second: PredictionTable, samples: Int = 1000, seed: UInt64 = 0) throws {
        guard Set(first.labels) == Set(second.labels), first.isMultiLabel == second.isMultiLabel else {
            throw TrainingError(
                .data,
                "the two models cannot be compared: they know different classes "
                    + "(\(first.labels.joined(separator: ", ")) and \(second.labels.joined(separator: ", ")))")
        }
        let (first, second, unpaired) = try Self.paired(first, second)
        guard first.count > 0 else {
            throw TrainingError(.data, "no clip was judged by both; evaluate both on the same data")
        }
        count = first.count
        self.unpaired = unpaired
        let (a, b) = (first.rows.indices.map(first.isRight), second.rows.indices.map(second.isRight))
        bothRight = zip(a, b).count { $0 && $1 }
        onlyFirstRight = zip(a, b).count { $0 && !$1 }
        onlySecondRight = zip(a, b).count { !$0 && $1 }
        bothWrong = zip(a, b).count { !$0 && !$1 }
        mcNemar = Self.exactTest(onlyFirstRight, onlySecondRight)
        let (own, other) = (FigureCalculator(first), FigureCalculator(second))
        let figures = Figure.allCases.filter { own.value($0) != nil && other.value($0) != nil }
        let bootstrap = first.bootstrap(samples: samples, seed: seed)
        units = bootstrap.unitCount
        let intervals = bootstrap.intervals(count: figures.count) { weights in
            figures.map { figure in
                guard let a = own.value(figure, weights), let b = other.value(figure, weights) else { return nil }
                return b - a
            }
        }
        differences = zip(figures, intervals).map { figure, interval in
            let (a, b) = (own.value(figure) ?? 0, other.value(figure) ?? 0)
            return Difference(figure: figure, first: a, second: b, difference: b - a, interval: interval)
        }
    }

    /// The rows of the clips that are in both, in the first's order, under the first's order of classes; the groups are
    /// the first's, or the second's where it has none.
    private static func paired(
        _ first: PredictionTable, _ second: PredictionTable
    ) throws -> (PredictionTable, PredictionTable, unpaired: Int) {
        let order = first.labels.map { second.labels.firstIndex(of: $0) ?? 0 }
        let others = Dictionary(second.rows.map { ($0.clip, $0) }, uniquingKeysWith: { first, _ in first })
        var (own, other): ([PredictionTable.Row], [PredictionTable.Row]) = ([], [])
        var seen: Set<PredictionTable.ClipKey> = []
        for var row in first.rows where seen.insert(row.clip).inserted {
            guard var match = others[row.clip] else { continue }
            match.truth = match.truth.compactMap { first.labels.firstIndex(of: second.labels[$0]) }.sorted()
            guard match.truth == row.truth else {
                throw TrainingError(
                    .data, "\(row.path): the two say different labels of it; use the same data for both")
            }
            match.probabilities = order.map { match.probabilities[$0] }
            row.group = row.group ?? match.group
            own.append(row)
            other.append(match)
        }
        let all = Set(first.rows.map(\.clip)).union(others.keys)
        return (
            try PredictionTable(labels: first.labels, isMultiLabel: first.isMultiLabel, rows: own),
            try PredictionTable(labels: first.labels, isMultiLabel: first.isMultiLabel, rows: other),
            all.count - own.count
        )
    }

    /// The two-sided probability of a coin that falls `a` times on one side and `b` times on the other, or less evenly.
    package static func exactTest(_ a: Int, _ b: Int) -> Double {
        let count = a + b
        guard a != b else { return 1 }
        // Logarithms, since binomial coefficients may be larger than any number.
        var logarithm = -Double(count) * log(2.0)
        var sum = exp(logarithm)
        for k in stride(from: 1, through: min(a, b), by: 1) {
            logarithm += log(Double(count - k + 1) / Double(k))
            sum += exp(logarithm)
        }
        return min(1, 2 * sum)
    }
}
