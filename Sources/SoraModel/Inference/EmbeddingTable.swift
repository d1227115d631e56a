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
    }

    /// How a table is written, told by the file's extension.
    public enum Format: String, Sendable {
        /// NumPy's array `[file, size]`, float32; the paths go to `<file>.paths.txt`, one a line (a line end within a
        /// path is written as `\n` or `\r`).
        case npy
        /// Comma-separated values with a header: `path,e0,e1,…`.
        case csv
        /// A JSON object a line: `{"embedding":[…],"path":"…"}`.
        case jsonl

        /// - Throws: `ModelError.file` if the extension is none of these.
        public init(path: String) throws {
            let name = URL(fileURLWithPath: path).pathExtension.lowercased()
            guard let format = Format(rawValue: name) else {
                throw ModelError(.file, "\(path): vectors are written as .npy, .csv or .jsonl, not '.\(name)'")
            }
            self = format
        }
    }

    /// A row for each file, in the order in which they were added.
    public private(set) var rows: [Row] = []

    public init() {}

    /// Adds a file's vector.
    public mutating func append(_ outcome: FilePredictor.Outcome) {
        rows.append(Row(path: outcome.path, embedding: outcome.prediction.embedding))
    }

    /// Writes the table, to a temporary name first.
    /// - Throws: `ModelError.file` for an unknown extension, `MediaError.unwritable` if it cannot be written.
    public func write(to path: String) throws {
        switch try Format(path: path) {
        case .npy:
            try NumPyFile.write(
                rows.flatMap(\.embedding), shape: [rows.count, rows.first?.embedding.count ?? 0], to: path)
            try write(rows.map { Self.onOneLine($0.path) + "\n" }.joined(), to: path + ".paths.txt")
        case .csv:
            let size = rows.first?.embedding.count ?? 0
            var text = "path," + (0..<size).map { "e\($0)" }.joined(separator: ",") + "\n"
            for row in rows {
                text += Self.quoted(row.path) + "," + row.embedding.map { "\($0)" }.joined(separator: ",") + "\n"
            }
            try write(text, to: path)
        case .jsonl:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let lines = try rows.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
            try write(lines.joined(), to: path)
        }
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelError(.file, "\(path): cannot be written (\(error.localizedDescription))")
        }
    }

    private static func onOneLine(_ path: String) -> String {
        path.replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
    }

    /// A field as RFC 4180 has it.
    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
