import Foundation

/// Labelled clips with what a model says of each: what all figures are worked out from. Tables of several models, as of
/// the folds of a cross-validation, can be joined.
public struct PredictionTable: Sendable, Hashable {
    /// One clip.
    public struct Row: Sendable, Hashable {
        /// The video file.
        public var path: String
        /// Start of the part of it that was used, in seconds; nil from its first frame on.
        public var start: Double?
        /// End of that part, in seconds; nil to the file's end.
        public var end: Double?
        /// What it shares with other clips (a scene, a recording), if that is known.
        public var group: String?
        /// The fold of a cross-validation in which it was held out.
        public var fold: String?
        /// The classes it belongs to, by number, ascending.
        public var truth: [Int]
        /// The probability of each class.
        public var probabilities: [Double]

        public init(
            path: String, start: Double? = nil, end: Double? = nil, group: String? = nil, fold: String? = nil,
            truth: [Int], probabilities: [Double]
        ) {
            self.path = path
            self.start = start
            self.end = end
            self.group = group
            self.fold = fold
            self.truth = truth
            self.probabilities = probabilities
        }

        /// What tells the clip from others.
        public var clip: ClipKey { ClipKey(path: path, start: start, end: end) }
    }

    /// A file, or a part of one.
    public struct ClipKey: Sendable, Hashable {
        var path: String
        var start: Double?
        var end: Double?

        /// The file, and the start and end of the part of it, in seconds, where only a part is meant.
        public init(path: String, start: Double? = nil, end: Double? = nil) {
            self.path = path
            self.start = start
            self.end = end
        }
    }

    /// Names of the classes.
    public let labels: [String]
    /// Whether a clip may have any number of labels, rather than one.
    public let isMultiLabel: Bool
    /// The clips, in the order in which they were judged.
    public let rows: [Row]

    /// - Throws: `TrainingError.data` if a clip has labels that are no classes, not as many probabilities as there are
    ///   classes, or a probability that is none; with one label a clip, if a clip has none or several.
    public init(labels: [String], isMultiLabel: Bool, rows: [Row]) throws {
        for row in rows {
            func refuse(_ what: String) -> TrainingError { TrainingError(.data, "\(row.path): \(what)") }
            guard row.probabilities.count == labels.count else {
                throw refuse("\(row.probabilities.count) probabilities do not go with \(labels.count) classes")
            }
            guard row.probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw refuse("a probability lies outside 0...1")
            }
            guard row.truth.allSatisfy(labels.indices.contains) else {
                throw refuse("a label is none of the \(labels.count) classes")
            }
            guard isMultiLabel || row.truth.count == 1 else {
                throw refuse("it has \(row.truth.count) labels where one is needed")
            }
        }
        self.labels = labels
        self.isMultiLabel = isMultiLabel
        self.rows = rows
    }

    /// How many clips there are.
    public var count: Int { rows.count }

    /// Whether any clip has a group.
    public var isGrouped: Bool { rows.contains { $0.group != nil } }

    /// The likeliest class of a clip, the first of equals.
    public func likeliest(_ row: Int) -> Int {
        let probabilities = rows[row].probabilities
        return probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    }

    /// What a clip is called: its likeliest class, or with several labels a clip those of probability 1/2 or more.
    public func called(_ row: Int) -> [Int] {
        guard isMultiLabel else { return [likeliest(row)] }
        return labels.indices.filter { rows[row].probabilities[$0] >= 0.5 }
    }

    /// Whether a clip is called what it is; with several labels a clip, all of them.
    public func isRight(_ row: Int) -> Bool { called(row) == rows[row].truth }

    /// The figures of precision, recall and confusion.
    public func evaluation() throws -> Evaluation {
        guard isMultiLabel else {
            return try Evaluation(
                labels: labels, truth: rows.map { $0.truth[0] }, predicted: rows.indices.map(likeliest))
        }
        return try Evaluation(
            labels: labels, truth: rows.map(\.truth), probabilities: rows.map { $0.probabilities.map(Float.init) })
    }

    /// The rows of several tables, one after the other.
    /// - Throws: `TrainingError.data` if their classes differ.
    public init(joining tables: [PredictionTable]) throws {
        guard let first = tables.first else { throw TrainingError(.data, "there are no predictions to join") }
        guard tables.allSatisfy({ $0.labels == first.labels && $0.isMultiLabel == first.isMultiLabel }) else {
            throw TrainingError(.data, "predictions of models with different classes cannot be joined")
        }
        try self.init(labels: first.labels, isMultiLabel: first.isMultiLabel, rows: tables.flatMap(\.rows))
    }
}
