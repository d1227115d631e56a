internal import Media

/// What the readers of the several formats have in common: rows of named values.
struct ManifestRows {
    /// One row: column names in lower case where they are the manifest's own, as written where not.
    struct Row {
        var path: String
        var labels: [String]
        var values: [String: String]
        var line: Int?
    }

    var rows: [Row] = []
    var skippedCount = 0
    /// Folders of classes in which there is no video.
    var emptyFolders: [(path: String, label: String)] = []

    /// - Throws: `DatasetError.empty` naming the first folder of a class without videos.
    func requireFullFolders() throws(DatasetError) {
        guard let (path, label) = emptyFolders.first else { return }
        throw DatasetError(
            .empty, path: path, "the class \"\(label)\" has no videos",
            remedy: "Put some there (\(FileSystem.videoExtensionList)), or remove the folder.")
    }
}

extension ManifestRows {
    /// Reads a folder, or a file of a kind told by its extension.
    init(path: String, isLabelled: Bool) throws(DatasetError) {
        let remedy =
            isLabelled
            ? "Give a folder with a folder of videos per class, or a .csv, .tsv or .jsonl file."
            : "Give a folder of videos, or a .csv, .tsv or .jsonl file."
        guard let isFolder = FileSystem.isFolder(path) else {
            throw DatasetError(.unreadable, path: path, "there is no such file or folder", remedy: remedy)
        }
        guard !isFolder else {
            self = try isLabelled ? ManifestRows(folder: path) : ManifestRows(unlabelledFolder: path)
            return
        }
        switch FileSystem.lowercasedExtension(path) {
        case "csv": try self.init(table: path, separator: ",", isLabelled: isLabelled)
        case "tsv": try self.init(table: path, separator: "\t", isLabelled: isLabelled)
        case "jsonl", "ndjson": try self.init(jsonLines: path, isLabelled: isLabelled)
        default:
            throw DatasetError(.unreadable, path: path, "is not a kind of manifest that is read", remedy: remedy)
        }
    }
}

extension Manifest {
    /// Names of the columns that have a meaning.
    static let ownColumns = ["path", "label", "split", "group", "start", "end"]

    init(
        _ table: ManifestRows, source: String, classes given: [String]?, missingFiles: MissingFiles
    ) throws(DatasetError) {
        guard !table.rows.isEmpty else {
            throw DatasetError(
                .empty, path: source, "there are no clips in it",
                remedy: FileSystem.isFolder(source) == true
                    ? "Put videos (\(FileSystem.videoExtensionList)) into a folder per class."
                    : "Add a line for each clip, with its path and label.")
        }
        let classes = given ?? Set(table.rows.flatMap(\.labels) + table.emptyFolders.map(\.label)).sorted()
        let positions = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var items: [Item] = []
        var missing: [(path: String, line: Int?)] = []
        for row in table.rows {
            let item = try Item(row, positions: positions, classes: classes, source: source)
            if FileSystem.isFolder(item.path) == false {
                items.append(item)
            } else {
                missing.append((item.path, row.line))
            }
        }
        if !missing.isEmpty, missingFiles == .raise || items.isEmpty {
            let named = missing.prefix(5).map { $0.path + ($0.line.map { " (line \($0))" } ?? "") }
            let rest = missing.count > 5 ? ", and \(missing.count - 5) more" : ""
            throw DatasetError(
                .missingFiles, path: source, line: missing.first?.line,
                "\(missing.count) of \(table.rows.count) clips are not there: \(named.joined(separator: ", "))\(rest)",
                remedy: "Relative paths are taken from the manifest's folder; correct or remove these lines.")
        }
        self.init(
            source: source, classes: classes, items: items, skippedCount: table.skippedCount,
            missing: missing.map(\.path))
    }
}

extension Manifest.Item {
    init(
        _ row: ManifestRows.Row, positions: [String: Int], classes: [String], source: String
    ) throws(DatasetError) {
        var labels: Set<Int> = []
        for label in row.labels {
            guard let position = positions[label] else {
                throw DatasetError(
                    .unknownLabel, path: source, line: row.line, "the label \"\(label)\" is not one of the classes",
                    remedy: "The classes are \(classes.prefix(20).joined(separator: ", ")).")
            }
            labels.insert(position)
        }
        let part: Split.Part?
        if let word = row.values["split"] {
            guard let known = Split.Part(word: word) else {
                throw DatasetError(
                    .malformed, path: source, line: row.line, "the split \"\(word)\" is not known",
                    remedy: "Use train, val or test.")
            }
            part = known
        } else {
            part = nil
        }
        func time(_ column: String) throws(DatasetError) -> MediaTime? {
            guard let text = row.values[column] else { return nil }
            guard let time = MediaTime(manifestText: text) else {
                throw DatasetError(
                    .malformed, path: source, line: row.line, "the \(column) \"\(text)\" is not a time",
                    remedy: "Give seconds, such as 1.5, or a fraction, such as 3003/90000.")
            }
            return time
        }
        let (start, end) = (try time("start"), try time("end"))
        if let end, end <= start ?? .zero {
            throw DatasetError(
                .malformed, path: source, line: row.line, "the end \(end.seconds) s is not after the start",
                remedy: "Correct the times; both are in seconds from the start of the video.")
        }
        self.init(
            path: row.path, labels: labels.sorted(), part: part, group: row.values["group"], start: start, end: end,
            columns: row.values.filter { !Manifest.ownColumns.contains($0.key) }, line: row.line)
    }
}

extension MediaTime {
    /// Seconds (`1.5`, kept to the microsecond) or a fraction of them (`3003/90000`, kept as it is), not negative.
    init?(manifestText text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let value = Int64(parts[0]), let scale = Int32(parts[1]), value >= 0, scale > 0 {
            self.init(value: value, timescale: scale)
        } else if parts.count == 1, let seconds = Double(text), seconds.isFinite, (0...1e9).contains(seconds) {
            self.init(seconds: seconds)
        } else {
            return nil
        }
    }
}
