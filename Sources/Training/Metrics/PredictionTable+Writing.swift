import Foundation
import Neural

extension PredictionTable {
    /// How a table is written, told by the file's extension.
    public enum Format: String, Sendable {
        /// Comma-separated values, RFC 4180, with a header.
        case csv
        /// A JSON object a line.
        case jsonl

        /// - Throws: `TrainingError.options` if the extension is none of these.
        public init(path: String) throws {
            let name = URL(fileURLWithPath: path).pathExtension.lowercased()
            guard let format = Format(rawValue: name) else {
                throw TrainingError(.options, "\(path): predictions are written as .csv or .jsonl, not '.\(name)'")
            }
            self = format
        }
    }

    /// What the columns of a class's probability begin with.
    static let probabilityPrefix = "probability:"
    /// The columns before the probabilities.
    static let columns = ["path", "start", "end", "group", "fold", "truth", "predicted"]

    /// One clip, as a line of JSON.
    struct Line: Codable {
        var path: String
        var start, end: Double?
        var group, fold: String?
        var truth, predicted: [String]
        var probabilities: [String: Double]
    }

    /// Writes the table, to a temporary name first.
    ///
    /// Columns: `path,start,end,group,fold,truth,predicted` and `probability:<label>` for each class; `|` between
    /// several labels. In JSON Lines `truth` and `predicted` are lists, and `probabilities` an object by label. Numbers
    /// are written so that reading gives them back to the bit.
    /// - Throws: `TrainingError.options` for an unknown extension, `NeuralError.file` if it cannot be written.
    public func write(to path: String) throws {
        let text = try Format(path: path) == .csv ? csv : jsonLines()
        try AtomicFile.write(text, to: path)
    }

    private func names(_ classes: [Int]) -> [String] { classes.map { labels[$0] } }

    private var csv: String {
        let header = Self.columns + labels.map { Self.probabilityPrefix + $0 }
        let lines = rows.enumerated().map { index, row in
            func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
            // No label at all is a bar alone, as in manifests.
            func joined(_ classes: [Int]) -> String {
                classes.isEmpty ? "|" : names(classes).joined(separator: "|")
            }
            return [row.path, number(row.start), number(row.end), row.group ?? "", row.fold ?? ""]
                + [joined(row.truth), joined(called(index))] + row.probabilities.map { "\($0)" }
        }
        return ([header] + lines).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private func jsonLines() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try rows.enumerated().map { index, row in
            let line = Line(
                path: row.path, start: row.start, end: row.end, group: row.group, fold: row.fold,
                truth: names(row.truth), predicted: names(called(index)),
                probabilities: Dictionary(zip(labels, row.probabilities), uniquingKeysWith: { first, _ in first }))
            return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
        }.joined()
    }

    /// A field as RFC 4180 has it.
    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
