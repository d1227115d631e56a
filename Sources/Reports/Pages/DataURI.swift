#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
public import Media

/// A picture that a page carries within it.
public struct DataURI: Sendable, Hashable {
    /// `data:image/jpeg;base64,…`
    public let text: String
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int

    /// One of `frames` as JPEG: for photographs, a tenth of a PNG.
    /// - Parameter quality: from 0 (small) to 1 (nearly as the input).
    /// - Throws: `MediaError` if there is no such frame or no such encoder.
    public init(jpeg frames: Frames, _ index: Int = 0, quality: Double = 0.6) throws(MediaError) {
        self.init("image/jpeg", try frames.jpegData(index, quality: quality), frames)
    }

    /// One of `frames` as PNG: for pictures of few colours.
    /// - Throws: `MediaError` if there is no such frame or no such encoder.
    public init(png frames: Frames, _ index: Int = 0) throws(MediaError) {
        self.init("image/png", try frames.pngData(index), frames)
    }

    /// Frames side by side as one JPEG, with a small gap between them.
    /// - Throws: `MediaError` if there is no frame or no such encoder.
    public init(strip frames: Frames, gap: Int = 2, quality: Double = 0.6) throws(MediaError) {
        try self.init(jpeg: frames.contactSheet(columns: frames.count, gap: gap), quality: quality)
    }

    private init(_ type: String, _ bytes: [UInt8], _ frames: Frames) {
        text = "data:\(type);base64,\(Data(bytes).base64EncodedString())"
        (width, height) = (frames.width, frames.height)
    }

    /// The picture on a page; `alternative` stands for it where it cannot be seen.
    public func image(alternative: String) -> HTML {
        "<img src=\"\(text)\" width=\"\(width)\" height=\"\(height)\" alt=\"\(alternative)\" loading=\"lazy\">"
    }
}
