import Media

/// What a model says of some files, and the forms in which it is written.
public struct ClassificationTable: Sendable {
    /// What a model says of one file.
    public struct Row: Sendable {
        /// The file.
        public var path: String
        /// The probability of each label.
        public var probabilities: [Float]
        /// Position of the likeliest label.
        public var likeliest: Int
        /// Whether even that is not likely enough: its name is then "unknown".
        public var isUnknown: Bool
        /// How many of its frames were damaged.
        public var damagedFrames: Int
    }

    /// The model's labels.
    public let labels: [String]
    /// A row for each file, in the order in which they were added.
    public private(set) var rows: [Row] = []

    /// - Parameter labels: the model's, in its order.
    public init(labels: [String]) { self.labels = labels }

    /// Adds what was said of a file.
    public mutating func append(_ outcome: FilePredictor.Outcome, isUnknown: Bool = false) {
        append(outcome.path, outcome.prediction, isUnknown: isUnknown, damagedFrames: outcome.damagedCount)
    }

    /// Adds what was said of a file.
    /// - Parameter prediction: with a probability for each label.
    public mutating func append(
        _ path: String, _ prediction: Prediction, isUnknown: Bool = false, damagedFrames: Int = 0
    ) {
        rows.append(
            Row(
                path: path, probabilities: prediction.probabilities, likeliest: prediction.ranking.first ?? 0,
                isUnknown: isUnknown, damagedFrames: damagedFrames))
    }

    /// Writes the table, to a temporary name first: an array `[file, label]` with the labels in `<file>.labels.txt`, or
    /// columns (or keys of objects) `path`, `label` (the likeliest), `probability` (its), `damaged_frames`, and the
    /// probability of each label under its name with `p_` before it.
    /// - Throws: `ModelError.file` for an unknown extension, `MediaError.unwritable` if it cannot be written.
    public func write(to path: String) throws {
        let columns = labels.map { "p_\($0)" }
        switch try TableFormat(path: path) {
        case .npy:
            try NumPyFile.write(rows.flatMap(\.probabilities), shape: [rows.count, labels.count], to: path)
            try TableText.writeLines(rows.map(\.path), to: path + ".paths.txt")
            try TableText.writeLines(labels, to: path + ".labels.txt")
        case .csv:
            let table = rows.map { row in
                [
                    row.path, name(row), "\(row.probabilities[row.likeliest])", "\(row.damagedFrames)",
                ] + row.probabilities.map { "\($0)" }
            }
            try TableText.writeTable(
                header: ["path", "label", "probability", "damaged_frames"] + columns, rows: table, to: path)
        case .jsonl:
            let objects = rows.map { row -> [(String, TableText.Value)] in
                [
                    ("path", .text(row.path)), ("label", .text(name(row))),
                    ("probability", .number(row.probabilities[row.likeliest])),
                    ("damaged_frames", .integer(row.damagedFrames)),
                ] + zip(columns, row.probabilities).map { ($0, .number($1)) }
            }
            try TableText.writeObjects(objects, to: path)
        }
    }

    private func name(_ row: Row) -> String { row.isUnknown ? "unknown" : labels[row.likeliest] }
}
