/// A query, with what its frames have in common with the collection's.
struct Query {
    let rows: TraceRows
    /// When its frames are shown, in seconds from the first one.
    let times: [Double]
    private let background: Background
    private let samples: [Sample]
    private var scales: [TraceRows.Pairing: Background.Scale] = [:]

    /// A few of the query's frames, as all the views show them that go with one view of another video: so many products are
    /// one of matrices.
    private struct Sample {
        /// The other video's view.
        let other: Int
        let views: [Int]
        /// Of all views' frames, one view after the other.
        let rows: FrameRows
        let scale: Background.Scale
    }

    init(_ trace: FrameTrace, _ background: Background) {
        let rows = TraceRows(trace, background.whitening)
        let step = max(1, rows.count / 16)
        let parts = rows.pairings(with: background.rows).filter(\.isOfParts)
        samples = Dictionary(grouping: parts, by: \.other).sorted { $0.key < $1.key }.map { other, pairings in
            let sample = FrameRows(joining: pairings.map { rows.views[$0.query] }, every: step)
            return Sample(
                other: other, views: pairings.map(\.query), rows: sample,
                scale: background.scale(of: sample, beside: other))
        }
        (self.rows, self.background, times) = (rows, background, trace.times)
    }

    /// How alike the frames of a pair of views are; nil for vectors that cannot be compared.
    mutating func match(_ pairing: TraceRows.Pairing, with other: TraceRows) -> ViewMatch? {
        let own = rows.views[pairing.query]
        let scale = scales[pairing] ?? background.scale(of: own, beside: pairing.other)
        scales[pairing] = scale
        return ViewMatch(own, other.views[pairing.other], scale)
    }

    /// The pair of views, one of them a part, that promises most: where the sum, over a few of the query's frames, of what their
    /// best match is above a threshold is largest. Nil where none promises anything.
    func mostPromising(with other: TraceRows, threshold: Float) -> TraceRows.Pairing? {
        var best: (pairing: TraceRows.Pairing, promise: Float)?
        for sample in samples where other.views.indices.contains(sample.other) {
            let others = other.views[sample.other]
            let cosines = sample.rows.cosines(with: others)
            guard !cosines.isEmpty else { continue }
            let frames = sample.rows.count / sample.views.count
            for (place, view) in sample.views.enumerated() {
                let promise = (place * frames..<(place + 1) * frames).reduce(Float(0)) { sum, row in
                    let nearest = cosines[row * others.count..<(row + 1) * others.count].max() ?? -1
                    let likeness = max(0, sample.scale.likeness(nearest, ofFrame: row) - threshold)
                    return sum + likeness * (sample.rows.novelties[row] ?? 0)
                }
                if promise > best?.promise ?? 0 {
                    best = (TraceRows.Pairing(query: view, other: sample.other), promise)
                }
            }
        }
        return best?.pairing
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
