/// Some clips with their labels, ready for a network.
public struct ClipBatch: Sendable {
    /// Samples 0...255, `[clip, frame, height, width, 3]`, channels red, green, blue.
    public var frames: [UInt8]
    /// For each clip, the classes that it belongs to.
    public var labels: [[Int]]
    /// For each clip, its position in `Manifest.items`.
    public var clipIndices: [Int]
    /// Frames of a clip.
    public var frameCount: Int
    /// Height of a frame in pixels.
    public var height: Int
    /// Width of a frame in pixels.
    public var width: Int
    /// Which epoch it is of.
    public var epoch: Int
    /// Which batch of the epoch it is, from 0. A run that has finished it resumes at `step + 1`.
    public var step: Int

    /// A batch of clips that are at hand already.
    public init(
        frames: [UInt8], labels: [[Int]], clipIndices: [Int], frameCount: Int, height: Int, width: Int, epoch: Int = 0,
        step: Int = 0
    ) {
        self.frames = frames
        self.labels = labels
        self.clipIndices = clipIndices
        self.frameCount = frameCount
        self.height = height
        self.width = width
        self.epoch = epoch
        self.step = step
    }

    /// How many clips there are: fewer than the batch size in the last batch, and where clips failed to decode.
    public var count: Int { clipIndices.count }
}

/// Which clips each batch of an epoch holds: a function of its arguments and nothing else.
public struct BatchPlan: Sendable, Hashable {
    /// Positions in `Manifest.items`, batch by batch.
    public let steps: [[Int]]

    /// - Parameters:
    ///   - items: the clips of the epoch.
    ///   - batchSize: clips in a batch, at least 1.
    ///   - shuffling: seed and epoch to put them into random order by; in the order given where nil.
    ///   - dropsLast: whether a last batch that is not full is left out.
    public init(
        items: [Int], batchSize: Int, shuffling: (seed: UInt64, epoch: Int)? = nil, dropsLast: Bool = false
    ) {
        var order = items
        if let (seed, epoch) = shuffling {
            var random = SeededRandom(seed: seed, 0x4F_5244_4552, UInt64(bitPattern: Int64(epoch)))
            order = random.shuffled(items)
        }
        let size = max(1, batchSize)
        let end = dropsLast ? order.count - order.count % size : order.count
        steps = stride(from: 0, to: end, by: size).map { Array(order[$0..<min($0 + size, end)]) }
    }
}
