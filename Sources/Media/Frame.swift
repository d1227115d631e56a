/// One decoded frame: RGB bytes with its timestamp.
public struct Frame: Sendable {
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Samples 0...255, `[height, width, channel]` with channels red, green, blue, and no padding.
    public var bytes: [UInt8]
    /// When it is shown, on the container's own timeline.
    public var time: MediaTime
    /// Which frame of a sequential decode it is, from 0; -1 for one that stands in for a frame that was lost.
    public var index: Int
    /// Whether decoding can start here.
    public var isKeyFrame: Bool
    /// Whether it is damaged, or stands in for one that is.
    public var isDamaged: Bool
    /// Seconds between this frame and the one asked for, whichever comes first; 0 unless the request's accuracy is
    /// `.fast`.
    public var distance: Double = 0

    public init(
        width: Int, height: Int, bytes: [UInt8], time: MediaTime, index: Int = -1, isKeyFrame: Bool = false,
        isDamaged: Bool = false
    ) {
        self.width = width
        self.height = height
        self.bytes = bytes
        self.time = time
        self.index = index
        self.isKeyFrame = isKeyFrame
        self.isDamaged = isDamaged
    }
}
