/// All that an evaluation finds out from a table of predictions, apart from the curves.
public struct Assessment: Sendable, Hashable, Encodable {
    /// How well the clips of one class score higher than the others.
    public struct ClassRanking: Sendable, Hashable, Codable {
        /// The class.
        public var label: String
        /// Area under the ROC curve; nil where there is no clip of the class, or no other one.
        public var auc: Double?
        /// Average precision; nil where there is no clip of the class.
        public var averagePrecision: Double?
    }

    /// Share of the clips whose class is among the `k` likeliest.
    public struct TopAccuracy: Sendable, Hashable, Codable {
        /// How many classes are looked at.
        public var k: Int
        /// The share.
        public var accuracy: Double
    }

    /// What is asked for beside the figures.
    public struct Options: Sendable, Hashable {
        /// The probability below which the answer is "unknown".
        public var unknownBelow: Double?
        /// The share of right answers for which a threshold is looked for.
        public var wantedAccuracy: Double?
        /// How often clips are drawn anew for the intervals.
        public var samples = 1000
        /// Of these draws.
        public var seed: UInt64 = 0

        public init() {}
    }

    /// Precision, recall, F1, confusion.
    public var metrics: Evaluation
    /// The figures that are defined.
    public var figures: [Figure: Double]
    /// Their 95% intervals, by drawing groups of clips anew.
    public var intervals: [Figure: Interval]
    /// How many things the intervals are drawn from: groups, and clips without one.
    public var units: Int
    /// Each class's, in the model's order.
    public var ranking: [ClassRanking]
    /// For 1, 2, … of the classes, up to 10 of them; empty with several labels a clip.
    public var top: [TopAccuracy]
    /// Whether the probabilities are what they say.
    public var reliability: Reliability
    /// What an "unknown" below a probability would do, where that was asked for.
    public var unknown: Abstention?
    /// The accuracy that a threshold was looked for, where that was asked for.
    public var wantedAccuracy: Double?

    /// - Throws: `TrainingError.data` without a clip; `TrainingError.options` if "unknown" is asked for of a model with
    ///   several labels a clip.
    public init(_ table: PredictionTable, options: Options = Options()) throws {
        guard table.count > 0 else { throw TrainingError(.data, "there is no clip to evaluate") }
        metrics = try table.evaluation()
        figures = table.figures()
        let bootstrap = table.bootstrap(samples: options.samples, seed: options.seed)
        intervals = table.intervals(bootstrap)
        units = bootstrap.unitCount
        ranking = table.labels.indices.map { label in
            let scores = table.ranked(label)
            return ClassRanking(
                label: table.labels[label], auc: scores.area(), averagePrecision: scores.averagePrecision())
        }
        reliability = table.reliability
        top = table.topAccuracies
        wantedAccuracy = options.wantedAccuracy
        let threshold =
            try options.unknownBelow ?? options.wantedAccuracy.flatMap { try table.threshold(forAccuracy: $0) }
        unknown = try threshold.map { try table.abstention(below: $0) }
    }
}

extension PredictionTable {
    /// Share of the clips whose class is among the likeliest 1, 2, … up to 10.
    public var topAccuracies: [Assessment.TopAccuracy] {
        guard !isMultiLabel, count > 0 else { return [] }
        let ranks = rows.map(\.rank)
        return (1...min(10, max(labels.count, 1))).map { k in
            Assessment.TopAccuracy(k: k, accuracy: Double(ranks.count { $0 < k }) / Double(count))
        }
    }
}
