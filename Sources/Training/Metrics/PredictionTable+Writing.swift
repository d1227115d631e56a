import Foundation
import SoraModel

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
    struct Line: Decodable {
        var path: String
        var start, end: Double?
        var group, fold: String?
        var truth, predicted: [String]
        var probabilities: [String: Double]
    }

    /// Writes the table, to a temporary name first.
    ///
    /// Columns: `path,start,end,group,fold,truth,predicted` and `probability:<label>` for each class; `|` between
    /// several labels. In JSON Lines `truth` and `predicted` are lists, and `probabilities` an object by label; what a
    /// clip does not have is null, so that all lines have the same keys. Numbers are written so that reading gives them
    /// back to the bit.
    /// - Throws: `TrainingError.options` for an unknown extension, `ModelError.file` if it cannot be written.
    public func write(to path: String) throws {
        switch try Format(path: path) {
        case .csv: try writeTable(to: path)
        case .jsonl: try writeObjects(to: path)
        }
    }

    private func names(_ classes: [Int]) -> [String] { classes.map { labels[$0] } }

    private func writeTable(to path: String) throws {
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
        try TableText.writeTable(header: header, rows: lines, to: path)
    }

    private func writeObjects(to path: String) throws {
        let objects = rows.enumerated().map { index, row -> [(String, TableText.Value)] in
            [
                ("path", .text(row.path)), ("start", .double(row.start)), ("end", .double(row.end)),
                ("group", .text(row.group)), ("fold", .text(row.fold)), ("truth", .texts(names(row.truth))),
                ("predicted", .texts(names(called(index)))),
                ("probabilities", .doubles(Array(zip(labels, row.probabilities)))),
            ]
        }
        try TableText.writeObjects(objects, to: path)
    }
}
