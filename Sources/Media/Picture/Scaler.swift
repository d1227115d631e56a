internal import CFFmpeg

/// The library's scaler for one kind of picture and one size.
@safe final class Scaler {
    /// All that the conversion depends on.
    struct Key: Hashable {
        var sourceWidth: Int32
        var sourceHeight: Int32
        var format: Int32
        var space: UInt32
        var range: UInt32
        var size: MediaInfo.Size
        /// 3 for RGB; 4 where the picture has alpha.
        var channels: Int

        init(_ picture: PictureBuffer, size: MediaInfo.Size) {
            let frame = unsafe picture.pointer
            sourceWidth = unsafe frame.pointee.width
            sourceHeight = unsafe frame.pointee.height
            format = unsafe frame.pointee.format
            space = unsafe UInt32(frame.pointee.colorspace.rawValue)
            range = unsafe UInt32(frame.pointee.color_range.rawValue)
            self.size = size
            channels = sora_format_has_alpha(format) != 0 ? 4 : 3
        }
    }

    let key: Key
    private let handle: UnsafeMutableRawPointer

    init(_ key: Key, path: String) throws(MediaError) {
        self.key = key
        let target = key.channels == 4 ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24
        let handle = unsafe sora_scaler_create(
            key.sourceWidth, key.sourceHeight, key.format, Int32(clamping: key.size.width),
            Int32(clamping: key.size.height), target.rawValue, AVColorSpace(rawValue: key.space),
            AVColorRange(rawValue: key.range), Int32(SWS_BICUBIC))
        guard let handle = unsafe handle else {
            throw MediaError(
                .unsupported, path: path,
                "its picture (\(key.sourceWidth)x\(key.sourceHeight), format \(key.format)) does not convert to "
                    + "\(key.size.width)x\(key.size.height) RGB",
                remedy: "Ask for another size, or convert the video to yuv420p first.")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe sora_scaler_free(handle) }

    /// Converts a picture of this key's kind.
    func run(_ picture: PictureBuffer, into buffer: PixelBuffer, path: String) throws(MediaError) {
        let rows = unsafe sora_scaler_run(handle, picture.pointer, buffer.base, Int32(clamping: buffer.stride))
        guard rows > 0 else {
            throw MediaError(
                .damaged, path: path, "a picture of it does not convert to RGB",
                remedy: "Convert the video to yuv420p first.", cause: describe(status: rows))
        }
    }
}
