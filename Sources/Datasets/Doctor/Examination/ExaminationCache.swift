internal import Foundation
internal import Synchronization

/// What earlier runs have found, in a file to which each finding is added at once.
///
/// JSON Lines: an object a line with the file's path, size, time of change, the parts of it that are clips, and the
/// facts of each. A line that cannot be read, as a kill may leave, counts for nothing; so does one whose file has
/// changed. Two runs may share a file: each line is written in one piece.
public final class ExaminationCache: Sendable {
    /// What a finding is true of: a file as it was, and the parts of it that are clips.
    package struct Key: Hashable, Codable {
        var path: String
        var size: Int
        /// Of its last change, in nanoseconds since 1970.
        var time: Int
        var parts: [String]

        /// Nil where there is no such file.
        package init?(path: String, parts: [String]) {
            let location = URL(fileURLWithPath: path).standardizedFileURL.path
            guard let state = FileSystem.state(location) else { return nil }
            self.path = location
            (size, time) = state
            self.parts = parts
        }
    }

    private struct Line: Codable {
        /// Of the facts: one that this code does not know is passed over.
        var version = ExaminationCache.version
        var key: Key
        var clips: [ClipFacts]
    }

    private static let version = 1
    /// The file.
    public let path: String
    private let known: Mutex<[Key: [ClipFacts]]>

    /// Reads what is there; a file that is not there is made with the first finding.
    /// - Throws: `DatasetError.unreadable` if it is there and is not a file of this kind, so that nothing is ruined.
    public init(path: String) throws(DatasetError) {
        self.path = path
        var known: [Key: [ClipFacts]] = [:]
        if let isFolder = FileSystem.isFolder(path) {
            guard !isFolder, let data = FileManager.default.contents(atPath: path) else {
                throw DatasetError(
                    .unreadable, path: path, "the cache cannot be read", remedy: "Name another file with --cache.")
            }
            let decoder = JSONDecoder()
            var lines = 0
            for line in data.split(separator: UInt8(ascii: "\n")) {
                lines += 1
                guard let entry = try? decoder.decode(Line.self, from: Data(line)), entry.version == Self.version,
                    entry.clips.allSatisfy(\.isSound)
                else { continue }
                known[entry.key] = entry.clips
            }
            guard !known.isEmpty || lines == 0 || data.starts(with: Data(#"{"clips":"#.utf8)) else {
                throw DatasetError(
                    .malformed, path: path, "it is not a cache of 'sora prepare'",
                    remedy: "Name another file with --cache.")
            }
        }
        self.known = Mutex(known)
    }

    /// How many files it knows.
    public var count: Int { known.withLock { $0.count } }

    /// What is known of a file as it is.
    package subscript(key: Key) -> [ClipFacts]? { known.withLock { $0[key] } }

    /// Adds a finding. One that cannot be written is only not there the next time.
    func keep(_ clips: [ClipFacts], for key: Key) {
        known.withLock { $0[key] = clips }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .throw
        guard var data = try? encoder.encode(Line(key: key, clips: clips)) else { return }
        data.append(UInt8(ascii: "\n"))
        if !FileManager.default.fileExists(atPath: path) {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        guard let file = try? FileHandle(forUpdating: URL(fileURLWithPath: path)) else { return }
        defer { try? file.close() }
        guard let end = try? file.seekToEnd() else { return }
        // A line that a kill has cut short must not swallow this one.
        if end > 0, (try? file.seek(toOffset: end - 1)) != nil, let last = try? file.readToEnd(), last != Data([10]) {
            data.insert(10, at: data.startIndex)
        }
        try? file.write(contentsOf: data)
    }
}

extension ClipFacts {
    /// Whether these are facts that an examination could have found: a cache may hold anything.
    package var isSound: Bool {
        frames > 0 && frames < 1 << 40 && damagedFrames >= 0 && damagedFrames < 1 << 40 && (0...1e12).contains(seconds)
            && (0...1e9).contains(rate) && (0...255).contains(brightness) && (0...frames).contains(blackFrames)
            && (0...frames).contains(frozenFrames) && (0...1 << 20).contains(width) && (0...1 << 20).contains(height)
            && (0...1 << 50).contains(fileSize) && signature.isSound
    }
}
