internal import Foundation
internal import Media

extension Manifest {
    /// The manifest as CSV (RFC 4180) that reads back as the same clips: `path,label,split,group,start,end` and all further
    /// columns, in alphabetical order. Columns without any value are left out, but for the first two.
    /// - Parameter folder: the folder in which the file will lie: paths below it are written relative to it, others in full.
    /// - Throws: `DatasetError.malformed` if a label cannot be written: one that holds a `|`, which separates labels, or
    ///   that is empty or begins or ends with a space.
    public func csv(in folder: String) throws(DatasetError) -> String {
        for (name, index) in zip(classes, classes.indices) where items.contains(where: { $0.labels.contains(index) }) {
            guard !name.isEmpty, !name.contains("|"), name == name.trimmingSpaces else {
                throw DatasetError(
                    .malformed, path: source, "the class \"\(name)\" cannot be written to a manifest",
                    remedy: "Rename it to one without | and without spaces at its ends.")
            }
        }
        let further = Set(items.flatMap { $0.columns.keys }).sorted()
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        typealias Column = (name: String, value: (Item) -> String)
        let own: [Column] = [
            ("path", { Self.path($0.path, below: root) }),
            ("label", { $0.labels.isEmpty ? "|" : $0.labels.map { classes[$0] }.joined(separator: "|") }),
            ("split", { $0.part?.word ?? "" }), ("group", { $0.group ?? "" }),
            ("start", { $0.start.map(Self.text) ?? "" }), ("end", { $0.end.map(Self.text) ?? "" }),
        ]
        let columns = own + further.map { name -> Column in (name, { $0.columns[name] ?? "" }) }
        let used = columns.enumerated().filter { index, column in
            index < 2 || items.contains { !column.value($0).isEmpty }
        }.map(\.element)
        let lines = [used.map(\.name)] + items.map { item in used.map { $0.value(item) } }
        return lines.map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
    }

    /// Writes the manifest as CSV: to a temporary name, then renamed.
    /// - Throws: `DatasetError.malformed` as `csv(in:)`, `DatasetError.badRequest` if the file is one of its own clips or
    ///   the manifest itself, `MediaError.unwritable`.
    public func write(to path: String) throws {
        try requireNotOwn(path)
        let text = try csv(in: FileSystem.folder(of: path))
        let file = try AtomicFile(path: path)
        try file.write(Array(text.utf8))
        try file.finish()
    }

    /// Refuses a place for a new file that would touch the dataset: one of its clips, its manifest, or a place within its
    /// folder.
    /// - Throws: `DatasetError.badRequest`.
    public func requireNotOwn(_ path: String) throws(DatasetError) {
        func real(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        // A file that is not there yet lies where its folder does.
        let folder = real(FileSystem.folder(of: path))
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let place = FileSystem.isFolder(path) == nil ? (folder == "/" ? "/" : folder + "/") + name : real(path)
        let own = real(source)
        if FileSystem.isFolder(source) == true, place == own || place.hasPrefix(own == "/" ? own : own + "/") {
            throw DatasetError(
                .badRequest, path: path, "it lies in the dataset's own folder \(source)",
                remedy: "Name a file elsewhere: originals are never touched.")
        }
        guard place != own, !items.contains(where: { real($0.path) == place }) else {
            throw DatasetError(
                .badRequest, path: path, "it is a file of the dataset itself",
                remedy: "Name another file: originals are never touched.")
        }
    }

    private static func path(_ path: String, below root: String) -> String {
        let full = URL(fileURLWithPath: path).standardizedFileURL.path
        let prefix = root == "/" ? "/" : root + "/"
        return full.hasPrefix(prefix) ? String(full.dropFirst(prefix.count)) : full
    }

    /// Seconds where they are a decimal number of few digits, else the fraction itself.
    private static func text(_ time: MediaTime) -> String {
        let seconds = "\(time.seconds)"
        return MediaTime(manifestText: seconds) == time && !seconds.contains("e")
            ? seconds : "\(time.value)/\(time.timescale)"
    }

    /// A field in quotes, if it needs them.
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return text }
        // Scalar by scalar: a quote with a combining accent is another `Character`, and a quote all the same.
        var quoted = "\""
        for scalar in text.unicodeScalars {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "\""
    }
}
