public import Media

/// A list of labelled clips: read from a folder with a folder per class, or from a CSV, TSV or JSON Lines file.
///
/// ```
/// path,label,split,group,start,end
/// clips/a.mp4,fight,train,scene1,,
/// clips/b.mp4,"run|jump",val,scene2,1.5,4
/// ```
///
/// `path` and `label` are needed; `split` (train, val, test), `group` (clips of one group are never split apart),
/// `start` and `end` (seconds from the first frame, or a fraction such as 3003/90000) are not. Any other column is kept, to make folds or
/// groups by. Relative paths are taken from the manifest's own folder. A label may name several classes, separated by
/// `|`; `|` alone names none.
public struct Manifest: Sendable {
    /// One clip.
    public struct Item: Sendable, Hashable {
        /// The video file.
        public var path: String
        /// Which classes it belongs to: positions in `Manifest.classes`, ascending.
        public var labels: [Int]
        /// The part that the manifest puts it in, if it says.
        public var part: Split.Part?
        /// What it shares with other clips (a scene, a recording) and must not be split from, if the manifest says.
        public var group: String?
        /// Start of the part of the video to use, inclusive, counted from its first frame.
        public var start: MediaTime?
        /// End of the part of the video to use, exclusive, counted from its first frame.
        public var end: MediaTime?
        /// All further columns.
        public var columns: [String: String]
        /// Line of the manifest, from 1; nil for folders.
        public var line: Int?

        public init(
            path: String, labels: [Int], part: Split.Part? = nil, group: String? = nil, start: MediaTime? = nil,
            end: MediaTime? = nil, columns: [String: String] = [:], line: Int? = nil
        ) {
            self.path = path
            self.labels = labels
            self.part = part
            self.group = group
            self.start = start
            self.end = end
            self.columns = columns
            self.line = line
        }
    }

    /// What to do about clips whose files are not there.
    public enum MissingFiles: Sendable, Hashable {
        /// Throw an error that lists them.
        case raise
        /// Leave them out and name them in `missing`.
        case skip
    }

    /// What to do about rows that cannot all be right: a clip that is there twice, under two labels or in two parts of the
    /// split, and a class's folder without videos.
    public enum Contradictions: Sendable, Hashable {
        /// Throw an error that names the first.
        case raise
        /// Keep them, for someone to look at.
        case keep
    }

    /// The folder or file it was read from.
    public let source: String
    /// Names of the classes; a label is a position in it. Alphabetical, unless given.
    public let classes: [String]
    /// The clips, in the order of the file, or of class and path.
    public var items: [Item]
    /// Hidden files, and files that are not videos by their extension, left out of a folder.
    public var skippedCount: Int
    /// Clips left out because their files are not there.
    public var missing: [String]

    /// A manifest of clips that are known already. Their labels are looked at when they are split.
    public init(source: String, classes: [String], items: [Item], skippedCount: Int = 0, missing: [String] = []) {
        self.source = source
        self.classes = classes
        self.items = items
        self.skippedCount = skippedCount
        self.missing = missing
    }

    /// Reads a folder with a folder per class, or a file of a kind told by its extension: `.csv`, `.tsv`, `.jsonl`.
    /// - Parameters:
    ///   - path: the folder or file.
    ///   - classes: the classes that labels are positions of, for data that a trained model is to see; where nil,
    ///     all labels found, in alphabetical order.
    ///   - missingFiles: what to do about clips whose files are not there.
    ///   - contradictions: what to do about rows that cannot all be right.
    /// - Throws: `DatasetError`, naming the file, the line, what is wrong and what to do.
    public init(
        path: String, classes: [String]? = nil, missingFiles: MissingFiles = .raise,
        contradictions: Contradictions = .raise
    ) throws(DatasetError) {
        let table = try ManifestRows(path: path, isLabelled: true)
        if contradictions == .raise { try table.requireFullFolders() }
        try self.init(table, source: path, classes: classes, missingFiles: missingFiles)
        if contradictions == .raise { try requireConsistentClips() }
    }

    /// Reads the clips of a folder, of the folders in it, or of a manifest, without their labels, as pretraining takes
    /// them.
    /// - Throws: as above.
    public init(unlabelled path: String, missingFiles: MissingFiles = .raise) throws(DatasetError) {
        try self.init(
            ManifestRows(path: path, isLabelled: false), source: path, classes: [], missingFiles: missingFiles)
    }

    /// The videos that some paths stand for: files as they are, and all below folders.
    /// - Throws: `DatasetError` if a folder cannot be read, or has none.
    public static func videos(at paths: [String]) throws(DatasetError) -> [String] {
        var videos: [String] = []
        for path in paths {
            videos += FileSystem.isFolder(path) == true ? try Manifest(unlabelled: path).items.map(\.path) : [path]
        }
        return videos
    }

    /// Whether any clip belongs to more than one class, or to none.
    public var isMultiLabel: Bool { items.contains { $0.labels.count != 1 } }

    /// How many clips each class has.
    public var countsByClass: [Int] {
        items.reduce(into: [Int](repeating: 0, count: classes.count)) { counts, item in
            for label in item.labels where counts.indices.contains(label) { counts[label] += 1 }
        }
    }

    /// The same clips with a column's values as their groups.
    /// - Throws: `DatasetError.missingColumn` if there is no such column, or a clip has no value in it.
    public func grouped(by column: String) throws(DatasetError) -> Manifest {
        let values = try values(of: column)
        var result = self
        for index in result.items.indices { result.items[index].group = values[index] }
        return result
    }

    /// What the clip at `position` must not be split from: its group, or else the video that it is cut from, if others
    /// are cut from it too.
    func company(at position: Int, _ shared: Set<String>) -> String? {
        let item = items[position]
        return item.group.map { "g" + $0 } ?? (shared.contains(item.path) ? "p" + item.path : nil)
    }

    /// The videos that several clips are cut from.
    var sharedVideos: Set<String> {
        var seen: Set<String> = []
        return Set(items.map(\.path).filter { !seen.insert($0).inserted })
    }

    /// Refuses a clip that is there twice under two labels, or in two parts.
    func requireConsistentClips() throws(DatasetError) {
        struct Cut: Hashable {
            var path: String
            var start: MediaTime?
            var end: MediaTime?
        }
        var seen: [Cut: Item] = [:]
        for item in items {
            let cut = Cut(path: item.path, start: item.start, end: item.end)
            guard let other = seen.updateValue(item, forKey: cut),
                other.labels != item.labels || other.part != item.part
            else { continue }
            let place = other.line.map { "line \($0)" } ?? "another row"
            throw other.labels != item.labels
                ? DatasetError(
                    .malformed, path: source, line: item.line,
                    "\(item.path) has other labels than in \(place)",
                    remedy: "Correct one of the two, or give both labels in one row: \"run|jump\".")
                : DatasetError(
                    .unsplittable, path: source, line: item.line,
                    "\(item.path) is in another part of the split than in \(place)",
                    remedy: "Remove one of the two, or the model is judged by what it was trained with.")
        }
    }

    /// Refuses labels that are no positions in `classes`, which only a manifest made in code can have.
    func requireKnownLabels() throws(DatasetError) {
        for item in items {
            guard let label = item.labels.first(where: { !classes.indices.contains($0) }) else { continue }
            throw DatasetError(
                .unknownLabel, path: source, line: item.line,
                "the clip \(item.path) has the label \(label) and there are \(classes.count) classes",
                remedy: "Give labels from 0 to \(classes.count - 1).")
        }
    }

    /// Every clip's value in a column; `group` is one too.
    func values(of column: String) throws(DatasetError) -> [String] {
        var values: [String] = []
        for item in items {
            let value = item.columns[column] ?? (column == "group" ? item.group : nil)
            guard let value, !value.isEmpty else {
                let own = items.contains { $0.group != nil } ? ["group"] : []
                let known = (own + Set(items.flatMap(\.columns.keys)).sorted()).joined(separator: ", ")
                throw DatasetError(
                    .missingColumn, path: source, line: item.line, "has no value in the column \"\(column)\"",
                    remedy: known.isEmpty
                        ? "The manifest has no column to group by." : "Its columns to group by are \(known)."
                )
            }
            values.append(value)
        }
        return values
    }
}
