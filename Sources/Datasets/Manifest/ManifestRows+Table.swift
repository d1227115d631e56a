extension ManifestRows {
    /// Rows of a CSV (RFC 4180) or TSV file whose first line names the columns.
    /// - Parameter isLabelled: whether there has to be a column of labels; without, it is passed over.
    init(table path: String, separator: Character, isLabelled: Bool = true) throws(DatasetError) {
        let records = try DelimitedText(try FileSystem.text(path), separator: separator, path: path).records
        guard let header = records.first else {
            throw DatasetError(
                .empty, path: path, "the file is empty", remedy: "Its first line names the columns: path,label.")
        }
        let names = header.fields.map { name in
            let trimmed = name.trimmingSpaces
            return Manifest.ownColumns.contains(trimmed.lowercased()) ? trimmed.lowercased() : trimmed
        }
        for needed in isLabelled ? ["path", "label"] : ["path"] where !names.contains(needed) {
            throw DatasetError(
                .missingColumn, path: path, line: header.line, "there is no column \"\(needed)\"",
                remedy:
                    "Name it in the first line, which now has \(names.joined(separator: ", ")); fields are separated by \(separator == "," ? "commas" : "tabs")."
            )
        }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 && !name.isEmpty }) {
            throw DatasetError(
                .malformed, path: path, line: header.line, "there are two columns \"\(twice)\"",
                remedy: "Give each column a name of its own.")
        }
        let folder = FileSystem.folder(of: path)
        for record in records.dropFirst() {
            guard record.fields.count == names.count else {
                throw DatasetError(
                    .malformed, path: path, line: record.line,
                    "the line has \(record.fields.count) fields where the first line names \(names.count) columns",
                    remedy: "Put fields that hold a separator or a quote into double quotes.")
            }
            var values: [String: String] = [:]
            for (name, field) in zip(names, record.fields) where !name.isEmpty && !field.trimmingSpaces.isEmpty {
                values[name] = name == "path" ? field : field.trimmingSpaces
            }
            guard let file = values["path"] else {
                throw DatasetError(
                    .malformed, path: path, line: record.line, "the path is empty",
                    remedy: "Remove the line, or name a file.")
            }
            guard let label = isLabelled ? values["label"] : "" else { throw .emptyLabel(path, record.line) }
            let labels = label.split(separator: "|").map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
            rows.append(
                Row(path: FileSystem.resolve(file, in: folder), labels: labels, values: values, line: record.line))
        }
    }
}

extension DatasetError {
    static func emptyLabel(_ path: String, _ line: Int?) -> DatasetError {
        DatasetError(
            .malformed, path: path, line: line, "the label is empty",
            remedy: "Name the class, or several with | between them; a | alone says that it belongs to none.")
    }
}

extension String {
    /// Without spaces and tabs at either end.
    var trimmingSpaces: String {
        guard let first = firstIndex(where: { !" \t".contains($0) }),
            let last = lastIndex(where: { !" \t".contains($0) })
        else { return "" }
        return String(self[first...last])
    }
}
