/// What a clip is to the network: how many frames of which size, and how a video becomes that.
///
/// Frames are the centres of `frames` equal parts of the video (or of its start...end). A video with fewer frames
/// than that repeats them evenly: with 3 frames for 6, each is shown twice.
public struct ClipSpecification: Sendable, Hashable, Codable {
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
    public var frames: Int
    /// Height of a frame in pixels.
    public var height: Int
    /// Width of a frame in pixels.
    public var width: Int
    /// How a picture of another shape is fitted.
    public var fit: Fit
    /// How much larger than the crop the picture is made, so that training can crop at random: 1 or more.
    public var margin: Double

    /// Unusable numbers are brought into range: at least one frame, sides 1...8192, margin 1...4.
    public init(frames: Int, height: Int, width: Int, fit: Fit = .crop, margin: Double = 1.15) {
        self.frames = min(max(1, frames), 1 << 20)
        self.height = min(max(1, height), 8192)
        self.width = min(max(1, width), 8192)
        self.fit = fit
        self.margin = margin.isNaN ? 1 : min(max(1, margin), 4)
    }

    /// Bytes of one clip: `frames * height * width * 3`.
    public var byteCount: Int { frames * height * width * 3 }

    /// The request that gives exactly the frames that evaluation batches hold.
    /// - Parameters:
    ///   - displaySize: the video's width and height as shown; used only where the clip is not square.
    ///   - start: start of the part to use, inclusive.
    ///   - end: end of the part to use, exclusive.
    public func evaluationRequest(
        displaySize: MediaInfo.Size? = nil, start: MediaTime? = nil, end: MediaTime? = nil
    ) -> FrameRequest {
        FrameRequest(
            sampling: .uniform(frames), resize: resize(displaySize), crop: .center(width: width, height: height),
            damage: .hold, start: start, end: end)
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
