import Foundation
import Media

/// The vectors of some files, and the forms in which they are written.
public struct EmbeddingTable: Sendable {
    /// The vector of one file.
    public struct Row: Sendable, Codable {
        /// The file.
        public var path: String
        /// Its vector, of length 1.
        public var embedding: [Float]
        /// How many frames of the clip are damaged.
        public var damagedFrames: Int
    }

    /// A row for each file, in the order in which they were added.
    public private(set) var rows: [Row] = []

    public init() {}

    /// Adds a file's vector.
    public mutating func append(_ outcome: FilePredictor.Outcome) {
        rows.append(
            Row(path: outcome.path, embedding: outcome.prediction.embedding, damagedFrames: outcome.damagedCount))
    }

    /// Writes the table, to a temporary name first: an array `[file, size]`, or columns `path,e0,e1,…`, or objects
    /// `{"damaged_frames":0,"embedding":[…],"path":"…"}`.
    /// - Throws: `ModelError.file` for an unknown extension, `MediaError.unwritable` if it cannot be written.
    public func write(to path: String) throws {
        switch try TableFormat(path: path) {
        case .npy:
            try NumPyFile.write(
                rows.flatMap(\.embedding), shape: [rows.count, rows.first?.embedding.count ?? 0], to: path)
            try TableText.writeLines(rows.map(\.path), to: path + ".paths.txt")
        case .csv:
            let size = rows.first?.embedding.count ?? 0
            let header = ["path"] + (0..<size).map { "e\($0)" }
            try TableText.writeTable(
                header: header, rows: rows.map { [$0.path] + $0.embedding.map { "\($0)" } }, to: path)
        case .jsonl:
            try TableText.writeObjects(
                rows.map {
                    [
                        ("damaged_frames", .integer($0.damagedFrames)), ("embedding", .numbers($0.embedding)),
                        ("path", .text($0.path)),
                    ]
                }, to: path)
        }
    }
}
