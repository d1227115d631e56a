internal import Foundation
internal import Media

/// Decodes every clip of a manifest once, from start to end, several files at a time, and says what it found.
///
/// What is found for a file goes to the cache at once: a run that was killed, however, goes on where it was.
public struct Examiner: Sendable {
    private let manifest: Manifest
    private let cache: ExaminationCache?
    private let threads: Int

    /// - Parameters:
    ///   - cache: keeps what is found; nil to decode everything.
    ///   - threads: files that are decoded at a time, a thread each; the machine's processors where nil.
    public init(_ manifest: Manifest, cache: ExaminationCache? = nil, threads: Int? = nil) {
        self.manifest = manifest
        self.cache = cache
        self.threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// One video, with the clips that lie in it.
    private struct File: Sendable {
        var path: String
        var items: [Int]
        var key: ExaminationCache.Key?
    }

    /// Examines all clips.
    /// - Parameter observe: told after each file how many of how many files are done, and which it was.
    /// - Returns: for each clip of the manifest, in its order.
    /// - Cost: one decode of each file that the cache does not know. Memory does not depend on the files' length.
    public func examine(_ observe: (_ done: Int, _ of: Int, _ path: String) -> Void = { _, _, _ in }) -> [ExaminedClip]
    {
        var places: [String: Int] = [:]
        var files: [File] = []
        for (index, item) in manifest.items.enumerated() {
            if let place = places[item.path] {
                files[place].items.append(index)
            } else {
                places[item.path] = files.count
                files.append(File(path: item.path, items: [index]))
            }
        }
        var clips = [ExaminedClip](repeating: ExaminedClip(error: "not examined"), count: manifest.items.count)
        var open: [File] = []
        for var file in files {
            file.key = ExaminationCache.Key(path: file.path, parts: file.items.map { part(manifest.items[$0]) })
            if let key = file.key, let known = cache?[key], known.count == file.items.count {
                for (item, facts) in zip(file.items, known) { clips[item] = ExaminedClip(facts: facts) }
            } else {
                open.append(file)
            }
        }
        let known = files.count - open.count
        if known > 0 { observe(known, files.count, "") }
        let results = Prefetch(count: open.count, threads: threads, ahead: threads * 2) { [open, manifest] index in
            let file = open[index]
            return Result { try Self.examine(file.path, file.items.map { manifest.items[$0] }) }
        }
        for (done, file) in open.enumerated() {
            guard let result = results.next() else { break }
            switch result {
            case .success(let facts):
                for (item, facts) in zip(file.items, facts) {
                    clips[item] =
                        facts.map { ExaminedClip(facts: $0) }
                        ?? ExaminedClip(
                            error: "\(file.path): no frame lies between the start and the end given for it. "
                                + "Correct its start and end.")
                }
                // A failure is not kept: its cause may be gone the next time.
                let found = facts.compactMap(\.self)
                if let key = file.key, found.count == facts.count { cache?.keep(found, for: key) }
            case .failure(let error):
                for item in file.items { clips[item] = ExaminedClip(error: "\(error)") }
            }
            observe(known + done + 1, files.count, file.path)
        }
        return clips
    }

    private func part(_ item: Manifest.Item) -> String {
        "\(item.start?.reduced.description ?? "")-\(item.end?.reduced.description ?? "")"
    }

    /// Decodes one file, past all clips that lie in it. A clip without a frame is nil.
    private static func examine(_ path: String, _ items: [Manifest.Item]) throws -> [ClipFacts?] {
        let size = FileSystem.state(path)?.size ?? 0
        let reader = try VideoReader(path: path, threads: 1)
        var observers = try items.map { try ClipObserver(start: $0.start, end: $0.end, path: path) }
        let side = MediaInfo.Size(width: ClipObserver.side, height: ClipObserver.side)
        var first: MediaTime?
        while let glimpse = try reader.nextGlimpse(side) {
            let zero = first ?? glimpse.header.time
            first = zero
            let time = glimpse.header.time.minus(zero)
            if observers.allSatisfy({ $0.isOver(at: time) }) { break }
            for index in observers.indices { observers[index].observe(glimpse, at: time, of: reader) }
        }
        // Of several clips in one file, nobody knows in which the lost frames would have been.
        let lost = items.count == 1 ? reader.failureCount : 0
        return observers.map { $0.facts(reader.info, lost: lost, fileSize: size) }
    }
}
