internal import Synchronization

/// What alignments need of a video, made once.
struct KnownVideo: Sendable {
    let rows: TraceRows
    /// When its frames are shown, in seconds from the first one.
    let times: [Double]
    /// Frames a second that were looked at.
    let rate: Double
    /// Where its segments are.
    let segments: [SegmentPlace]

    init?(_ id: Int64, in catalogue: Catalogue, _ whitening: Whitening) throws {
        guard let trace = try catalogue.trace(of: id), trace.count > 0 else { return nil }
        rows = TraceRows(trace, whitening)
        (times, rate) = (trace.times, trace.rate)
        segments = try catalogue.segments(of: id).map { SegmentPlace($0, of: id) }
    }
}

/// Videos that were looked at lately. A video's number is given once, and what it stands for never changes.
final class KnownVideos: Sendable {
    private let kept = Mutex<(videos: [Int64: (video: KnownVideo, used: Int)], size: Int, clock: Int)>(([:], 0, 0))
    /// Bytes that all may take.
    private let room: Int

    init(room: Int) { self.room = room }

    /// - Parameter make: called where it is not known.
    func video(_ id: Int64, make: () throws -> KnownVideo?) rethrows -> KnownVideo? {
        let known = kept.withLock { kept in
            kept.clock += 1
            kept.videos[id]?.used = kept.clock
            return kept.videos[id]?.video
        }
        if let known { return known }
        guard let made = try make() else { return nil }
        kept.withLock { kept in
            guard kept.videos[id] == nil, made.rows.size <= room else { return }
            kept.videos[id] = (made, kept.clock)
            kept.size += made.rows.size
            guard kept.size > room else { return }
            // Half of the room is freed at once, so that this is seldom done.
            for (old, entry) in kept.videos.sorted(by: { $0.value.used < $1.value.used }) where kept.size > room / 2 {
                kept.videos[old] = nil
                kept.size -= entry.video.rows.size
            }
        }
        return made
    }
}
