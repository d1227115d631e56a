internal import Foundation
internal import Media
internal import SoraModel

/// Brings a catalogue up to date with files.
public struct Indexer {
    /// What became of a file.
    public enum Outcome: Sendable {
        /// It is new, or has changed: it was decoded.
        case indexed(segments: Int)
        /// It is as it was.
        case unchanged
        /// Its bytes were known under another path, where they are no more.
        case moved(from: String)
        /// It cannot be used.
        case failed(any Error)
    }

    private let catalogue: Catalogue
    private let analyzer: VideoAnalyzer
    private let purpose: VideoAnalyzer.Purpose

    /// - Parameter purpose: what the files are looked at for: all of an index for the same.
    /// - Throws: `RetrievalError.model` if the index holds another model's vectors.
    public init(
        _ catalogue: Catalogue, _ analyzer: VideoAnalyzer, fingerprint: String,
        for purpose: VideoAnalyzer.Purpose = .collection
    ) throws {
        guard catalogue.settings.fingerprint == fingerprint else {
            throw RetrievalError(
                .model,
                "\(catalogue.path): it holds vectors of another model (\(catalogue.settings.model)); 'sora index reembed' makes "
                    + "it anew with this one")
        }
        self.catalogue = catalogue
        self.analyzer = analyzer
        self.purpose = purpose
    }

    /// Indexes files, one after the other, each whole or not at all.
    /// - Parameter observe: told of each file as it is done; false ends it there.
    /// - Throws: what the catalogue throws. What a file throws is its outcome.
    public func add(_ paths: [String], observe: (String, Outcome) throws -> Bool) throws {
        for path in paths {
            let place = Self.place(of: path)
            guard try observe(path, outcome(of: place)) else { return }
        }
    }

    private func outcome(of path: String) throws -> Outcome {
        let known = try catalogue.video(at: path)
        let stamp: FileStamp
        do { stamp = try FileStamp(of: path) } catch { return .failed(error) }
        if let known, known.stamp.size == stamp.size, known.stamp.digest == stamp.digest {
            if known.stamp.modified != stamp.modified { try catalogue.touch(known.id, stamp) }
            return .unchanged
        }
        if known == nil, let other = try catalogue.video(like: stamp),
            !FileManager.default.fileExists(atPath: other.path)
        {
            try catalogue.move(other.id, to: path, stamp)
            return .moved(from: other.path)
        }
        let video: AnalyzedVideo
        do { video = try analyzer.analyze(path, for: purpose) } catch { return .failed(error) }
        try catalogue.replace(path, stamp, by: video)
        return .indexed(segments: video.segments.count)
    }

    /// What a file is called in a catalogue: its absolute path, links resolved, so that it is there once.
    public static func place(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// Takes out what is there no more.
    /// - Parameter folders: where to look; everywhere if empty.
    /// - Returns: the paths that were taken out.
    public static func removeMissing(from catalogue: Catalogue, below folders: [String] = []) throws -> [String] {
        let prefixes = folders.map { place(of: $0) + "/" }
        let gone = try catalogue.videos().filter { video in
            (prefixes.isEmpty || prefixes.contains(where: video.path.hasPrefix))
                && !FileManager.default.fileExists(atPath: video.path)
        }
        try catalogue.remove(gone.map(\.id))
        return gone.map(\.path)
    }
}
