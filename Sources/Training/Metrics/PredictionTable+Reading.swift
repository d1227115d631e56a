import Datasets
import Foundation
import SoraModel

extension PredictionTable {
    /// Reads a file that `write(to:)` has made, or another one with its columns `path`, `truth` and
    /// `probability:<label>`.
    ///
    /// A table is one of several labels a clip where a clip has none or several, or where probabilities do not sum to 1.
    /// - Throws: `TrainingError` or `DatasetError`, naming the file and the line.
    public init(reading path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TrainingError(.data, "\(path): cannot be read; give a file that 'sora evaluate --out' has written")
        }
        let text = String(decoding: data, as: UTF8.self)
        let entries = try Format(path: path) == .csv ? Self.table(text, path) : Self.lines(text, path)
        guard let first = entries.first else {
            throw TrainingError(.data, "\(path): there are no predictions in it")
        }
        let labels = first.labels
        var rows: [Row] = []
        for entry in entries {
            guard entry.labels == labels else {
                throw Self.fault(path, entry.line, "its classes are not those of the first line")
            }
            let truth = try entry.truth.map { name in
                guard let label = labels.firstIndex(of: name) else {
                    throw Self.fault(path, entry.line, "the label \"\(name)\" has no probability")
                }
                return label
            }
            var row = entry.row
            row.truth = Set(truth).sorted()
            guard row.probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
                throw Self.fault(path, entry.line, "a probability lies outside 0...1")
            }
            rows.append(row)
        }
        let isMultiLabel = rows.contains { row in
            row.truth.count != 1 || abs(row.probabilities.reduce(0, +) - 1) > 1e-3
        }
        try self.init(labels: labels, isMultiLabel: isMultiLabel, rows: rows)
    }

    /// One clip as a file has it.
    private struct Entry {
        var line: Int
        var row: Row
        var truth: [String]
        var labels: [String]
    }

    private static func table(_ text: String, _ path: String) throws -> [Entry] {
        let records = try DelimitedText(text, separator: ",", path: path).records
        guard let header = records.first?.fields else { return [] }
        guard
            let (pathColumn, truthColumn) = header.firstIndex(of: "path").flatMap({ path in
                header.firstIndex(of: "truth").map { (path, $0) }
            })
        else {
            throw fault(path, 1, "its first line should name the columns path, truth and probability:<label>")
        }
        let scores = header.indices.filter { header[$0].hasPrefix(probabilityPrefix) }
        let labels = scores.map { String(header[$0].dropFirst(probabilityPrefix.count)) }
        guard !labels.isEmpty, Set(labels).count == labels.count else {
            throw fault(path, 1, "it should have one column \(probabilityPrefix)<label> for each class")
        }
        return try records.dropFirst().map { record in
            guard record.fields.count == header.count else {
                throw fault(path, record.line, "\(record.fields.count) fields where the header has \(header.count)")
            }
            func field(_ name: String) -> String? {
                header.firstIndex(of: name).map { record.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            }
            func number(_ text: String) throws -> Double {
                guard let value = Double(text), value.isFinite else {
                    throw fault(path, record.line, "\"\(text.prefix(40))\" is not a number")
                }
                return value
            }
            let row = Row(
                path: record.fields[pathColumn], start: try field("start").map(number),
                end: try field("end").map(number), group: field("group"), fold: field("fold"), truth: [],
                probabilities: try scores.map { try number(record.fields[$0]) })
            // A label may hold a bar of its own, if it is the only one.
            let truth = record.fields[truthColumn]
            let names =
                labels.contains(truth) ? [truth] : truth.split(separator: "|").map(String.init)
            return Entry(line: record.line, row: row, truth: names, labels: labels)
        }
    }

    private static func lines(_ text: String, _ path: String) throws -> [Entry] {
        let decoder = JSONDecoder()
        return try text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
            .enumerated()
            .filter { !$0.element.allSatisfy(\.isWhitespace) }
            .map { index, text in
                let line: Line
                do {
                    line = try decoder.decode(Line.self, from: Data(text.utf8))
                } catch {
                    throw fault(path, index + 1, "it is not a prediction as JSON (\(error.decodingFault))")
                }
                let labels = line.probabilities.keys.sorted()
                let row = Row(
                    path: line.path, start: line.start, end: line.end, group: line.group, fold: line.fold, truth: [],
                    probabilities: labels.map { line.probabilities[$0] ?? 0 })
                return Entry(line: index + 1, row: row, truth: line.truth, labels: labels)
            }
    }

    private static func fault(_ path: String, _ line: Int, _ what: String) -> TrainingError {
        TrainingError(.data, "\(path):\(line): \(what); give a file that 'sora evaluate --out' has written")
    }
}
