/// How the frames of a collection look in general: what a likeness has to be better than to mean anything.
struct Background: Sendable {
    /// The mean of the frames' looks, of length 1 each.
    let mean: [Float]
    private let rows: FrameRows
    /// The video of each of the rows.
    private let videos: [Int64]

    /// Frames of at most this many videos, some of each.
    static let videoCount = 256
    static let frameCount = 4

    /// Looks at a part of a catalogue.
    init(of catalogue: Catalogue) throws {
        let all = try catalogue.videos().map(\.id)
        let step = max(1, all.count / Self.videoCount)
        var (sample, videos): (FrameTrace?, [Int64]) = (nil, [])
        for id in stride(from: 0, to: all.count, by: step).map({ all[$0] }) {
            guard let trace = try catalogue.trace(of: id), trace.count > 0 else { continue }
            if sample == nil { sample = FrameTrace(rate: 1, dimensions: trace.dimensions) }
            for part in 0..<min(Self.frameCount, trace.count) {
                let frame = (2 * part + 1) * trace.count / (2 * min(Self.frameCount, trace.count))
                let values = trace.values[frame * trace.dimensions..<(frame + 1) * trace.dimensions]
                sample?.append(values.map(Float.init), at: 0)
                videos.append(id)
            }
        }
        let found = sample ?? FrameTrace(rate: 1, dimensions: 1)
        var sum = [Float](repeating: 0, count: found.dimensions)
        for frame in 0..<found.count {
            let values = found.values[frame * found.dimensions..<(frame + 1) * found.dimensions].map(Float.init)
            for (place, value) in FrameRows.unit(values).enumerated() { sum[place] += value }
        }
        mean = sum.map { $0 / Float(max(found.count, 1)) }
        rows = FrameRows(found, minus: mean)
        self.videos = videos
    }

    /// Turns cosines with a query's frames into how far, in deviations, they lie above those of unrelated frames.
    ///
    /// The largest tenth of the collection's is left out, for it may be of the query itself. A deviation counts for a tenth
    /// at least, lest a collection of few videos makes everything remarkable.
    struct Scale: Sendable {
        var middle: [Float]
        var deviation: [Float]
    }

    /// - Parameter query: frames less `mean`.
    func scale(of query: FrameRows) -> Scale {
        let cosines = query.cosines(with: rows)
        let count = rows.count
        var scale = Scale(middle: [], deviation: [])
        for frame in 0..<query.count {
            let sorted = cosines[frame * count..<(frame + 1) * count].sorted()
            let kept = sorted.prefix(max(min(count, 4), count * 9 / 10))
            let middle = kept.isEmpty ? 0 : kept.reduce(0, +) / Float(kept.count)
            let variance = kept.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Float(max(kept.count, 1))
            scale.middle.append(middle)
            scale.deviation.append(max(0.1, variance.squareRoot()))
        }
        return scale
    }
}
