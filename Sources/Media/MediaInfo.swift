/// What a video file holds, as its container and decoder describe it.
///
/// The figures are of the video stream that is decoded: the one FFmpeg would choose (largest picture; cover art never).
public struct MediaInfo: Sendable, Codable {
    /// One stream of the container.
    public struct Stream: Sendable, Codable, Hashable {
        /// What a stream carries.
        public enum Kind: String, Sendable, Codable { case video, audio, subtitle, data, attachment, coverArt, unknown }
        /// Position in the container.
        public var index: Int
        public var kind: Kind
        /// The codec's short name, as in `h264`; `none` where it is not known.
        public var codec: String
    }

    /// A width and a height in pixels.
    public struct Size: Sendable, Codable, Hashable {
        public var width: Int
        public var height: Int

        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// A fraction of two integers, as containers state rates and aspect ratios.
    public struct Ratio: Sendable, Codable, Hashable, CustomStringConvertible {
        /// Above the line.
        public var numerator: Int
        /// Below the line; never 0.
        public var denominator: Int

        public init(_ numerator: Int, _ denominator: Int) {
            self.numerator = numerator
            self.denominator = denominator
        }

        /// The quotient; 0 where the denominator is 0.
        public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }
        /// As in `30000/1001`.
        public var description: String { "\(numerator)/\(denominator)" }
    }

    /// The file, as the caller named it.
    public var path: String
    /// The container format's short name, as in `mov,mp4,m4a,3gp,3g2,mj2`.
    public var container: String
    /// All streams, in the container's order.
    public var streams: [Stream]
    /// Which of `streams` is decoded.
    public var videoStream: Int
    /// The decoded stream's codec, as in `h264`.
    public var codec: String
    /// Width and height as coded, before aspect ratio and rotation.
    public var codedSize: Size
    /// Width and height as shown: the width multiplied by the sample aspect ratio, then rotated.
    public var displaySize: Size
    /// Width of a sample over its height; 1/1 where it is not stated.
    public var sampleAspectRatio: Ratio
    /// Clockwise turn in degrees that brings the picture upright (after mirroring): 0, 90, 180 or 270.
    ///
    /// Other angles in a file are not applied, and read 0.
    public var rotation: Int
    /// Whether the picture is mirrored left to right, before it is turned.
    public var mirrored: Bool
    /// Frames per second on average; 0/1 where it is not known.
    public var averageRate: Ratio
    /// The pixel format's name, as in `yuv420p10le`.
    public var pixelFormat: String
    /// Bits of one colour component.
    public var bitDepth: Int
    /// The colour matrix, as in `bt709`; `unknown` where none is stated (BT.601 is then taken, as FFmpeg does).
    public var colorSpace: String
    /// `tv` (limited), `pc` (full), or `unknown`.
    public var colorRange: String
    /// How long it lasts; nil where the container does not say and the frames were not counted.
    public var duration: MediaTime?
    /// When the first frame is shown, on the container's own timeline; nil where it is not known before decoding.
    public var startTime: MediaTime?
    /// How many frames there are; nil where it is not known.
    public var frameCount: Int?
    /// Whether `frameCount` was counted by decoding, rather than taken from the container.
    public var frameCountIsExact: Bool
    /// Whether `frameCount` is the length times the average rate, since the container states none.
    public var frameCountIsEstimate: Bool
    /// Whether there is sound.
    public var hasAudio: Bool
    /// Whether frames are shown for unequal times: exact with counted frames, otherwise judged by the container's index
    /// or stated rates.
    public var variableRate: Bool

    /// Reads a file's description.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - countFrames: whether to decode the whole video, so that `frameCount`, `variableRate`, `startTime` and
    ///     `duration` are those of the frames.
    ///   - observe: told after each frame how many are counted.
    /// - Throws: `MediaError`.
    /// - Cost: reads the header and the first frames; with `countFrames`, a whole decode.
    public init(probing path: String, countFrames: Bool = false, observe: (Int) -> Void = { _ in }) throws {
        let demuxer = try Demuxer(path: path)
        self = try MediaInfo(demuxer)
        if countFrames { try count(FrameSource(demuxer: demuxer, info: self, threads: 2), observe) }
    }
}
