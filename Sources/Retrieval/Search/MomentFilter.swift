public import Foundation

/// Which moments may be found.
public struct MomentFilter: Sendable, Hashable {
    /// A text that the path has to hold, in whatever case.
    public var path: String?
    /// Seconds that a video has to last at least, and at most.
    public var shortest: Double?
    /// And at most so many.
    public var longest: Double?
    /// When a file has to have changed last: no earlier, and before.
    public var since: Date?
    /// And before.
    public var until: Date?
    /// A label that a moment's segment has to have, given or derived.
    public var label: String?
    /// A video that is not to be found: the query's own.
    public var without: Int64?

    public init() {}

    /// Whether a video may be among what is found.
    public func accepts(_ video: IndexedVideo) -> Bool {
        let changed = Date(timeIntervalSince1970: Double(video.stamp.modified) / 1e9)
        return video.id != without && path.map { video.path.localizedCaseInsensitiveContains($0) } ?? true
            && shortest.map { video.duration >= $0 } ?? true && longest.map { video.duration <= $0 } ?? true
            && since.map { changed >= $0 } ?? true && until.map { changed < $0 } ?? true
    }

    /// The segments that may be found; nil where all may.
    func segments(of catalogue: Catalogue) throws -> Set<Int64>? {
        try label.map { Set(try catalogue.segments(labelled: $0).map(\.segment.id)) }
    }
}
