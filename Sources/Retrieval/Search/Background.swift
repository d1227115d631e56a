internal import Foundation

/// How the frames of a collection look in general: what a likeness has to be better than to mean anything.
struct Background: Sendable {
    let whitening: Whitening
    private let rows: FrameRows

    /// Frames of at most this many videos, some of each.
    static let videoCount = 256
    static let frameCount = 4

    /// Looks at a part of a catalogue.
    init(of catalogue: Catalogue) throws {
        let all = try catalogue.videos().map(\.id)
        let step = max(1, all.count / Self.videoCount)
        var sample: FrameTrace?
        for id in stride(from: 0, to: all.count, by: step).map({ all[$0] }) {
            guard let trace = try catalogue.trace(of: id), trace.count > 0 else { continue }
            if sample == nil { sample = FrameTrace(rate: 1, dimensions: trace.dimensions) }
            for part in 0..<min(Self.frameCount, trace.count) {
                let frame = (2 * part + 1) * trace.count / (2 * min(Self.frameCount, trace.count))
                let values = trace.values[frame * trace.dimensions..<(frame + 1) * trace.dimensions]
                // What shows nothing says nothing of the collection.
                guard values.contains(where: { $0 != 0 }) else { continue }
                sample?.append(values.map(Float.init), at: 0)
            }
        }
        let found = sample ?? FrameTrace(rate: 1, dimensions: 1)
        whitening = Whitening(
            (0..<found.count).flatMap { frame in
                FrameRows.unit(
                    found.values[frame * found.dimensions..<(frame + 1) * found.dimensions].map(Float.init))
            }, dimensions: found.dimensions)
        rows = FrameRows(found, whitening)
    }

    /// How much nearer than an unrelated frame a frame is that has a cosine with one of the query: the logarithm of the ratio
    /// of their squared distances, so that what is nearly the same counts for far more than what is much alike. What is nearer
    /// than compression leaves two copies counts for no more.
    struct Scale: Sendable {
        fileprivate var middle: [Float]

        func likeness(_ cosine: Float, ofFrame frame: Int) -> Float {
            Float(log(Double((1 - middle[frame] + 0.03) / max(1 - cosine + 0.03, 0.03))))
        }
    }

    /// The mean cosine of each of the query's frames with the collection's. The largest tenth is left out, for it may be of the
    /// query itself.
    /// - Parameter query: frames, whitened.
    func scale(of query: FrameRows) -> Scale {
        let cosines = query.cosines(with: rows)
        let count = rows.count
        var scale = Scale(middle: [])
        for frame in 0..<query.count {
            let sorted = cosines[frame * count..<(frame + 1) * count].sorted()
            let kept = sorted.prefix(max(min(count, 4), count * 9 / 10))
            scale.middle.append(kept.isEmpty ? 0 : kept.reduce(0, +) / Float(kept.count))
        }
        return scale
    }
}
