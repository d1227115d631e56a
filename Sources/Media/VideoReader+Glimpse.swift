internal import CFFmpeg

extension VideoReader {
    /// A frame of a decode from start to end, with a small picture of it.
    package struct Glimpse {
        /// What is known of it.
        package var header: FrameHeader
        /// The whole picture as shown, stretched to the size asked for: `[height, width, 3]`.
        package var bytes: [UInt8]
    }

    /// Decodes the next frame and makes it small.
    ///
    /// - Parameter size: width and height in pixels of the small picture.
    /// - Returns: the frame, damaged ones included; nil after the last.
    /// - Throws: as `advance()`.
    package func nextGlimpse(_ size: MediaInfo.Size) throws -> Glimpse? {
        guard let header = try advance() else { return nil }
        let frame = try image(of: header, .exact(width: size.width, height: size.height))
        return Glimpse(header: header, bytes: frame.bytes)
    }
}

/// A digest of every sample of some decoded pictures, as they come out of the decoder: MurmurHash3 of 128 bits.
///
/// The same pictures in the same pixel format have the same digest, whatever the container and the codec; timestamps do
/// not count.
@safe package final class PictureDigest {
    private let state: OpaquePointer

    /// - Throws: `MediaError` if there is no memory for it.
    package init(path: String) throws(MediaError) {
        guard let state = unsafe av_murmur3_alloc() else { throw .outOfMemory(path) }
        unsafe self.state = state
        unsafe av_murmur3_init(state)
    }

    deinit { unsafe av_free(UnsafeMutableRawPointer(state)) }

    /// Adds the current frame of a reader.
    package func add(_ reader: VideoReader) { unsafe sora_digest_add(state, reader.source.picture.pointer) }

    /// The digest, 32 hexadecimal digits. Nothing can be added afterwards.
    package func finish() -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            if let start = buffer.baseAddress { unsafe av_murmur3_final(state, start) }
        }
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
