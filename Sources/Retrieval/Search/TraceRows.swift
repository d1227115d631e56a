internal import Synchronization

/// The looks of a video's frames by views, whitened.
struct TraceRows: Sendable {
    /// In the order of `FrameView`.
    let views: [FrameRows]

    init(_ trace: FrameTrace, _ whitening: Whitening) {
        views = (0..<trace.views).map { FrameRows(trace, view: $0, whitening) }
    }

    /// How many frames there are.
    var count: Int { views.first?.count ?? 0 }

    /// Bytes.
    var size: Int { views.reduce(0) { $0 + $1.size } }

    /// A view of one video's frames beside a view of another's.
    struct Pairing: Hashable {
        var query: Int
        var other: Int

        /// Whether one of them is not the whole.
        var isOfParts: Bool { query != 0 || other != 0 }
    }

    /// Which views may show the same: the wholes, first; each view of the one and the other's whole, where one is cropped; the
    /// same part of both, where another part is covered.
    func pairings(with other: TraceRows) -> [Pairing] {
        guard !views.isEmpty, !other.views.isEmpty else { return [] }
        var pairings = other.views.indices.map { Pairing(query: 0, other: $0) }
        pairings += views.indices.dropFirst().map { Pairing(query: $0, other: 0) }
        for part in FrameView.parts {
            for same in Set([part, part.mirrored]).sorted(by: { $0.rawValue < $1.rawValue }) {
                pairings.append(Pairing(query: part.rawValue, other: same.rawValue))
            }
        }
        return pairings.filter { views.indices.contains($0.query) && other.views.indices.contains($0.other) }
    }
}

/// A query, with what its frames have in common with the collection's.
struct Query {
    let rows: TraceRows
    /// When its frames are shown, in seconds from the first one.
    let times: [Double]
    private let background: Background
    private var scales: [TraceRows.Pairing: Background.Scale] = [:]
    private var samples: [TraceRows.Pairing: Background.Scale] = [:]

    init(_ trace: FrameTrace, _ background: Background) {
        rows = TraceRows(trace, background.whitening)
        times = trace.times
        self.background = background
    }

    /// How alike the frames of a pair of views are; nil for vectors that cannot be compared.
    mutating func match(_ pairing: TraceRows.Pairing, with other: TraceRows) -> ViewMatch? {
        let own = rows.views[pairing.query]
        let scale = scales[pairing] ?? background.scale(of: own, beside: pairing.other)
        scales[pairing] = scale
        return ViewMatch(own, other.views[pairing.other], scale)
    }

    /// How much a pair of views promises: the sum, over a few of the query's frames, of what their best match is above a
    /// threshold.
    mutating func promise(of pairing: TraceRows.Pairing, with other: TraceRows, threshold: Float) -> Float {
        let (own, others) = (rows.views[pairing.query], other.views[pairing.other])
        let step = max(1, own.count / 16)
        let scale = samples[pairing] ?? background.scale(of: own, beside: pairing.other, step: step)
        samples[pairing] = scale
        let cosines = own.cosines(with: others, step: step)
        guard !cosines.isEmpty else { return 0 }
        return (0..<cosines.count / others.count).reduce(0) { sum, row in
            let best = cosines[row * others.count..<(row + 1) * others.count].max() ?? -1
            return sum + max(0, scale.likeness(best, ofFrame: row) - threshold) * (own.novelties[row * step] ?? 0)
        }
    }
}

/// How alike the frames of two videos are, as a pair of views shows them.
struct ViewMatch {
    /// How much each frame of the query, and of the other video, differs from the one before it.
    let novelties: (query: [Float?], other: [Float?])
    /// `[query, other]`
    let likenesses: [Float]

    fileprivate init?(_ own: FrameRows, _ others: FrameRows, _ scale: Background.Scale) {
        var likenesses = own.cosines(with: others)
        guard likenesses.count == own.count * others.count, !likenesses.isEmpty else { return nil }
        for frame in 0..<own.count {
            for place in frame * others.count..<(frame + 1) * others.count {
                likenesses[place] = scale.likeness(likenesses[place], ofFrame: frame)
            }
        }
        self.likenesses = likenesses
        novelties = (own.novelties, others.novelties)
    }
}

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
