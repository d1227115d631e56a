internal import Foundation

/// How the frames of a collection look in general: what a likeness has to be better than to mean anything.
struct Background: Sendable {
    let whitening: Whitening
    /// The frames that stand for all.
    let rows: TraceRows

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
            if sample == nil { sample = FrameTrace(rate: 1, dimensions: trace.dimensions, views: trace.views) }
            guard trace.views == sample?.views, trace.dimensions == sample?.dimensions else { continue }
            for part in 0..<min(Self.frameCount, trace.count) {
                let frame = (2 * part + 1) * trace.count / (2 * min(Self.frameCount, trace.count))
                let looks = (0..<trace.views).map { trace.look(frame, view: $0) }
                // What shows nothing says nothing of the collection.
                guard looks[0].contains(where: { $0 != 0 }) else { continue }
                sample?.append(looks, at: 0)
            }
        }
        let found = sample ?? FrameTrace(rate: 1, dimensions: 1)
        whitening = Whitening(
            (0..<found.count).flatMap { found.look($0) }, dimensions: found.dimensions)
        rows = TraceRows(found, whitening)
    }

    /// How much nearer than any unrelated frame a frame is that has a cosine with one of the query: the logarithm of the ratio
    /// of their squared distances, so that what is nearly the same counts for far more than what is much alike. What is nearer
    /// than compression leaves two copies counts for no more.
    struct Scale: Sendable {
        /// Of each frame of the query, the cosine that the nearest unrelated frames have.
        fileprivate var nearest: [Float]

        func likeness(_ cosine: Float, ofFrame frame: Int) -> Float {
            log((1 - nearest[frame] + 0.03) / max(1 - cosine + 0.03, 0.03))
        }
    }

    /// Frames that are left out, for they may be of the query's own video, or of one copy of it.
    private static let ownCount = frameCount + 1
    /// What the nearest unrelated frames count for at most: what is nearer is a copy too, of which there may be many.
    private static let nearestUnrelated: Float = 0.9

    /// What each of some frames has in common with the collection's: the cosine of the nearest after the first few. A scene that
    /// a camera at rest shows in many videos thus has to be far nearer than those are to each other.
    /// - Parameters:
    ///   - query: frames, whitened, as one view shows them.
    ///   - view: what of the collection's frames they are compared with.
    func scale(of query: FrameRows, beside view: Int) -> Scale {
        let rows = rows.views[view]
        let cosines = query.cosines(with: rows)
        let count = rows.count
        var scale = Scale(nearest: [])
        for frame in 0..<query.count {
            // The largest, the least of them first.
            var top = [Float](repeating: -1, count: Self.ownCount + 1)
            for cosine in cosines[frame * count..<(frame + 1) * count] where cosine > top[0] {
                var place = 0
                while place + 1 < top.count, top[place + 1] < cosine {
                    top[place] = top[place + 1]
                    place += 1
                }
                top[place] = cosine
            }
            scale.nearest.append(min(top[0], Self.nearestUnrelated))
        }
        return scale
    }
}
