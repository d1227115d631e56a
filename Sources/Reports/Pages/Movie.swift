internal import Foundation
public import Media

/// Frames that a page carries within it and plays.
public struct Movie: Sendable, Hashable {
    /// `data:video/mp4;base64,…`
    public let text: String
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Whether it is a picture that moves, rather than a video.
    let isPicture: Bool

    /// Frames as a small video: H.264, else VP9 or VP8, else an animated GIF, by what the installed FFmpeg encodes.
    /// - Parameters:
    ///   - frames: shown at equal distances, whatever their times.
    ///   - rate: frames a second.
    ///   - quality: from 0 (small) to 1 (nearly as the input).
    /// - Throws: `MediaError` if there is no frame, or it cannot be encoded.
    public init(_ frames: Frames, rate: Int32 = 6, quality: Double = 0.55) throws(MediaError) {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("sora-movie-\(UUID().uuidString)")
            .path
        let (encoder, type) = try Self.encoder(place, frames, quality)
        defer { try? FileManager.default.removeItem(atPath: encoder.path) }
        for index in 0..<frames.count {
            try encoder.append(
                frames.bytes[frames.byteRange(of: index)], at: MediaTime(value: Int64(index), timescale: max(1, rate)))
        }
        try encoder.finish()
        guard let data = FileManager.default.contents(atPath: encoder.path) else {
            throw MediaError(.unwritable, path: encoder.path, "what was written there cannot be read again")
        }
        text = "data:\(type);base64,\(data.base64EncodedString())"
        (width, height) = (frames.width, frames.height)
        isPicture = type == "image/gif"
    }

    /// The first encoder whose files browsers play: the one for MP4 that FFmpeg itself brings makes what they do not.
    private static func encoder(
        _ place: String, _ frames: Frames, _ quality: Double
    ) throws(MediaError) -> (VideoEncoder, type: String) {
        let options = VideoEncoder.Options(quality: quality, threads: 1)
        func encoder(_ suffix: String) throws(MediaError) -> VideoEncoder {
            try VideoEncoder(path: place + suffix, width: frames.width, height: frames.height, options: options)
        }
        if let mp4 = try? encoder(".mp4") {
            if mp4.codecName == "libx264" { return (mp4, "video/mp4") }
            mp4.cancel()
        }
        if let webm = try? encoder(".webm") { return (webm, "video/webm") }
        return (try encoder(".gif"), "image/gif")
    }

    /// The movie on a page, playing on its own without sound, over and over; `alternative` stands for it where it cannot
    /// be seen.
    public func player(alternative: String) -> HTML {
        guard !isPicture else {
            return """
                <img src="\(text)" width="\(width)" height="\(height)" alt="\(alternative)" loading="lazy">
                """
        }
        return """
            <video src="\(text)" width="\(width)" height="\(height)" aria-label="\(alternative)" autoplay loop muted \
            playsinline controls></video>
            """
    }
}
