import Foundation

/// How a table of results is written, told by the file's extension.
public enum TableFormat: String, Sendable {
    /// NumPy's array, float32, a row for each file; the paths go to `<file>.paths.txt`, one a line (a line end within a
    /// path is written as `\n` or `\r`).
    case npy
    /// Comma-separated values with a header (RFC 4180).
    case csv
    /// A JSON object a line, each with the same keys, and each key with values of one type.
    case jsonl

    /// - Throws: `ModelError.file` if the extension is none of these.
    public init(path: String) throws {
        let name = URL(fileURLWithPath: path).pathExtension.lowercased()
        guard let format = TableFormat(rawValue: name) else {
            throw ModelError(.file, "\(path): tables are written as .npy, .csv or .jsonl, not '.\(name)'")
        }
        self = format
    }
}
