/// What is known of a decoded frame before its pixels are looked at.
public struct FrameHeader: Sendable, Hashable {
    /// Which frame of a sequential decode it is, from 0.
    public var index: Int
    /// When it is shown, on the container's own timeline: what `ffprobe` calls its best-effort timestamp.
    ///
    /// Zero is where the container puts it (after its edit list, if it has one), not the first frame; both the first
    /// frame's time and time zero may be absent from a file, and times may be negative.
    public var time: MediaTime
    /// Whether decoding can start here.
    public var isKeyFrame: Bool
    /// Whether the decoder reported errors in it: parts of the picture may be wrong or concealed.
    public var isDamaged: Bool
    /// `time` in units of the stream's time base.
    package var timestamp: Int64
    /// How long it is shown, in units of the stream's time base; 0 where the container does not say.
    var duration: Int64
}
