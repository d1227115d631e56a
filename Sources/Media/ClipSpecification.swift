/// What a clip is to the network: how many frames of which size, and how a video becomes that.
///
/// Frames are the centres of `frames` equal parts of the video (or of its start...end). A video with fewer frames
/// than that repeats them evenly: with 3 frames for 6, each is shown twice.
///
/// Unusable numbers are brought into range wherever they are set: at least one frame, sides 1...8192, margin 1...4.
/// Read from JSON, they are an error.
public struct ClipSpecification: Sendable, Hashable, Encodable {
    /// How a picture of another shape is fitted.
    public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
        /// Scaled until it covers `margin` times the size, then cropped: to the middle, or at random in training.
        case crop
        /// Scaled to `margin` times the size, whatever its shape, then cropped.
        case stretch
        /// Scaled to lie inside `margin` times the size, on black, then cropped.
        case letterbox
    }

    /// Frames in a clip.
    public var frames: Int { didSet { frames = Self.frames(frames) } }
    /// Height of a frame in pixels.
    public var height: Int { didSet { height = Self.side(height) } }
    /// Width of a frame in pixels.
    public var width: Int { didSet { width = Self.side(width) } }
    /// How a picture of another shape is fitted.
    public var fit: Fit
    /// How much larger than the crop the picture is made, so that training can crop at random: 1 or more.
    public var margin: Double { didSet { margin = Self.margin(margin) } }

    /// A clip of `frames` frames of `width` by `height` pixels.
    public init(frames: Int, height: Int, width: Int, fit: Fit = .crop, margin: Double = 1.15) {
        self.frames = Self.frames(frames)
        self.height = Self.side(height)
        self.width = Self.side(width)
        self.fit = fit
        self.margin = Self.margin(margin)
    }

    private static func frames(_ count: Int) -> Int { min(max(1, count), 1 << 20) }
    private static func side(_ pixels: Int) -> Int { min(max(1, pixels), 8192) }
    private static func margin(_ factor: Double) -> Double { factor.isNaN ? 1 : min(max(1, factor), 4) }

    /// Bytes of one clip: `frames * height * width * 3`.
    public var byteCount: Int { frames * height * width * 3 }

    /// The request that gives exactly the frames that evaluation batches hold.
    /// - Parameters:
    ///   - displaySize: the video's width and height as shown; used only where the clip is not square.
    ///   - start: start of the part to use, inclusive, counted from the first frame.
    ///   - end: end of the part to use, exclusive, counted from the first frame.
    public func evaluationRequest(
        displaySize: MediaInfo.Size? = nil, start: MediaTime? = nil, end: MediaTime? = nil
    ) -> FrameRequest {
        FrameRequest(
            sampling: .uniform(frames), resize: resize(displaySize), crop: .center(width: width, height: height),
            damage: .hold, start: start, end: end, origin: .firstFrame)
    }

    /// How much of the resized picture a crop at random reaches: `margin` times the size, in the middle.
    ///
    /// Of a side, the same parity as the crop's, so that the middle of this is the middle of the picture to the pixel.
    package var reach: MediaInfo.Size {
        func even(_ side: Int) -> Int { scaled(side) - (scaled(side) - side) % 2 }
        return MediaInfo.Size(width: even(width), height: even(height))
    }

    /// The resizing that comes before the crop.
    package func resize(_ displaySize: MediaInfo.Size?) -> FrameRequest.Resize {
        let (tall, wide) = (scaled(height), scaled(width))
        switch fit {
        case .stretch: return .exact(width: wide, height: tall)
        case .letterbox: return .letterbox(width: wide, height: tall)
        case .crop:
            guard height != width, let shown = displaySize, shown.width > 0, shown.height > 0 else {
                return .shortSide(max(tall, wide))
            }
            let scale = max(Double(wide) / Double(shown.width), Double(tall) / Double(shown.height))
            return .shortSide(Int((scale * Double(min(shown.width, shown.height)) - 1e-9).rounded(.up)))
        }
    }

    private func scaled(_ side: Int) -> Int { Int((Double(side) * margin).rounded()) }
}

extension ClipSpecification: Decodable {
    private enum CodingKeys: CodingKey { case frames, height, width, fit, margin }

    /// - Throws: `DecodingError` where a number is out of range.
    public init(from decoder: any Swift.Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let frames = try container.decode(Int.self, forKey: .frames)
        let height = try container.decode(Int.self, forKey: .height)
        let width = try container.decode(Int.self, forKey: .width)
        let fit = try container.decode(Fit.self, forKey: .fit)
        let margin = try container.decode(Double.self, forKey: .margin)
        self.init(frames: frames, height: height, width: width, fit: fit, margin: margin)
        let checks: [(CodingKeys, Bool)] = [
            (.frames, self.frames == frames), (.height, self.height == height), (.width, self.width == width),
            (.margin, self.margin == margin),
        ]
        for (key, isKept) in checks where !isKept {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: container, debugDescription: "\(key.stringValue) is out of range")
        }
    }
}
