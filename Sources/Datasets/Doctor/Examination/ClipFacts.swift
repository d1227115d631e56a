/// What one decode of a clip from start to end has found.
public struct ClipFacts: Sendable, Hashable, Codable {
    /// Frames that came out of the decoder.
    public var frames: Int
    /// Frames that are damaged, lost, or missing from a file that is cut short.
    public var damagedFrames: Int
    /// From the first frame to the end of the last, in seconds.
    public var seconds: Double
    /// Width as shown, in pixels.
    public var width: Int
    /// Height as shown, in pixels.
    public var height: Int
    /// Frames per second, on average over the frames themselves; 0 for a single frame.
    public var rate: Double
    /// Whether frames are shown for unequal times.
    public var variableRate: Bool
    /// The codec's short name, as in `h264`.
    public var codec: String
    /// Whether the file has sound.
    public var hasAudio: Bool
    /// Bytes of the whole file.
    public var fileSize: Int
    /// Mean luma, 0...255.
    public var brightness: Double
    /// Frames of which at least 98 of 100 pixels are darker than a tenth of white, as FFmpeg's `blackdetect` has it.
    public var blackFrames: Int
    /// Frames in the longest run that looks like its first: seen at 32x32 pixels, grey levels differ by no more than 0.8 on
    /// average and 10 anywhere.
    public var frozenFrames: Int
    /// Digest of every sample of every frame, and of how they are turned: equal for the same pictures, whatever the container.
    public var digest: String
    /// What other clips are compared by.
    public var signature: ClipSignature
}

/// A file of a dataset after it has been examined.
public struct ExaminedClip: Sendable {
    /// What was found; nil for a clip that cannot be used.
    public var facts: ClipFacts?
    /// Why it cannot be used; nil for one that can.
    public var error: String?

    public init(facts: ClipFacts) { self.facts = facts }
    public init(error: String) { self.error = error }
}
