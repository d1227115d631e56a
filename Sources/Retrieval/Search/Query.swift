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
