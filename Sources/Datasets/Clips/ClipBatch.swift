/// Some clips with their labels, ready for a network.
public struct ClipBatch: Sendable {
    /// Samples 0...255, `[clip, frame, height, width, 3]`, channels red, green, blue.
    public var frames: [UInt8]
    /// For each clip, the classes that it belongs to.
    public var labels: [[Int]]
    /// For each clip, its position in `Manifest.items`.
    public var clipIndices: [Int]
    /// For each clip, which of its random changes it has (see `ClipDraw`).
    public var views: [Int]
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
        frames: [UInt8], labels: [[Int]], clipIndices: [Int], views: [Int]? = nil, frameCount: Int, height: Int,
        width: Int, epoch: Int = 0, step: Int = 0
    ) {
        self.frames = frames
        self.labels = labels
        self.clipIndices = clipIndices
        self.views = views ?? clipIndices.map { _ in epoch }
        self.frameCount = frameCount
        self.height = height
        self.width = width
        self.epoch = epoch
        self.step = step
    }

    /// How many clips there are: fewer than the batch size in the last batch, and where clips failed to decode.
    public var count: Int { clipIndices.count }
}
