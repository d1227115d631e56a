#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension ManifestRows {
    /// Rows of a JSON Lines file: an object a line, with the columns as keys. `label` may be a list of names.
    /// - Parameter isLabelled: whether each line has to have a label; without, labels are passed over.
    init(jsonLines path: String, isLabelled: Bool = true) throws(DatasetError) {
        let folder = FileSystem.folder(of: path)
        let decoder = JSONDecoder()
        var text = try FileSystem.text(path)[...]
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }
        )
        .enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let number = index + 1
            let object: [String: JSONValue]
            do {
                object = try decoder.decode([String: JSONValue].self, from: Data(line.utf8))
            } catch {
                throw DatasetError(
                    .malformed, path: path, line: number, "the line is not a JSON object",
                    remedy: #"Write one object a line, such as {"path": "a.mp4", "label": "run"}."#,
                    cause: "\(error)")
            }
            var values = object.compactMapValues(\.text)
            for key in object.keys where Manifest.ownColumns.contains(key.lowercased()) && key != key.lowercased() {
                values[key.lowercased()] = values.removeValue(forKey: key)
            }
            guard let file = values["path"], !file.isEmpty else {
                throw DatasetError(
                    .missingColumn, path: path, line: number, "there is no \"path\"", remedy: "Name the video's file.")
            }
            let labels: [String]
            if !isLabelled {
                labels = []
            } else if case .list(let names)? = object["label"] {
                labels = names.compactMap(\.text)
            } else {
                guard let label = values["label"] else {
                    throw DatasetError(
                        .missingColumn, path: path, line: number, "there is no \"label\"",
                        remedy: "Name the class, or a list of them.")
                }
                guard !label.trimmingSpaces.isEmpty else { throw .emptyLabel(path, number) }
                labels = label.split(separator: "|").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
            }
            rows.append(
                Row(path: FileSystem.resolve(file, in: folder), labels: labels, values: values, line: number))
        }
    }
}

/// A JSON value, as far as a manifest has use for it.
enum JSONValue: Decodable {
    case scalar(String)
    case list([JSONValue])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .scalar(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .scalar("\(flag)")
        } else if let number = try? container.decode(Int64.self) {
            self = .scalar("\(number)")
        } else if let number = try? container.decode(Double.self) {
            self = .scalar("\(number)")
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .other
        }
    }

    /// A string, number or truth value as text.
    var text: String? {
        if case .scalar(let text) = self { text } else { nil }
    }
}
