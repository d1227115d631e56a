/// A clip as a batch holds it.
public struct ClipDraw: Sendable, Hashable {
    /// Position in `Manifest.items`.
    public var item: Int
    /// Which of its random changes it gets: the epoch, unless the clip comes several times in it or there are only so
    /// many views.
    public var view: Int
    /// How its frames are played, where it is for pretraining: its label is then this one's number.
    public var playback: Playback?

    public init(item: Int, view: Int, playback: Playback? = nil) {
        self.item = item
        self.view = view
        self.playback = playback
    }
}

/// Which clips each batch of an epoch holds: a function of its arguments and nothing else.
public struct BatchPlan: Sendable, Hashable {
    /// The clips, batch by batch.
    public let steps: [[ClipDraw]]

    /// - Parameters:
    ///   - draws: the clips of the epoch in their order.
    ///   - batchSize: clips in a batch, at least 1.
    ///   - dropsLast: whether a last batch that is not full is left out.
    public init(_ draws: [ClipDraw], batchSize: Int, dropsLast: Bool = false) {
        let size = max(1, batchSize)
        let end = dropsLast ? draws.count - draws.count % size : draws.count
        steps = stride(from: 0, to: end, by: size).map { Array(draws[$0..<min($0 + size, end)]) }
    }

    /// Batches of pairs: the first draws of all pairs, then the second ones in the same order.
    /// - Parameter batchSize: pairs in a batch, at least 1.
    init(pairs: [(ClipDraw, ClipDraw)], batchSize: Int) {
        let size = max(1, batchSize)
        steps = stride(from: 0, to: pairs.count, by: size).map { start in
            let pairs = pairs[start..<min(start + size, pairs.count)]
            return pairs.map(\.0) + pairs.map(\.1)
        }
    }
}
