internal import CFFmpeg

/// Owns one AVFrame and its pixels.
@safe final class EncodingPicture {
    let handle: UnsafeMutablePointer<AVFrame>

    init(width: Int, height: Int, format: AVPixelFormat, path: String) throws(MediaError) {
        guard let frame = unsafe av_frame_alloc() else { throw .noMemoryToWrite(path) }
        unsafe handle = frame
        unsafe frame.pointee.width = Int32(clamping: width)
        unsafe frame.pointee.height = Int32(clamping: height)
        unsafe frame.pointee.format = format.rawValue
        try checkWrite(unsafe av_frame_get_buffer(frame, 0), path, "its pixels could not be allocated")
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe handle
        unsafe av_frame_free(&frame)
    }

    /// Gives the pixels up if an encoder still holds them, and takes fresh ones.
    func makeWritable(path: String) throws(MediaError) {
        try checkWrite(unsafe av_frame_make_writable(handle), path, "its pixels could not be allocated")
    }

    /// Copies RGB rows in. Where this picture is larger, the last column and row are repeated.
    func fill(rgb: UnsafeBufferPointer<UInt8>, width: Int, height: Int) {
        guard let target = unsafe handle.pointee.data.0, let source = rgb.baseAddress else { return }
        let stride = unsafe Int(handle.pointee.linesize.0)
        let (fullWidth, fullHeight) = unsafe (Int(handle.pointee.width), Int(handle.pointee.height))
        for row in 0..<fullHeight {
            let line = unsafe target + row * stride
            unsafe line.update(from: source + min(row, height - 1) * width * 3, count: width * 3)
            for column in width..<max(width, fullWidth) {
                unsafe (line + column * 3).update(from: line + (width - 1) * 3, count: 3)
            }
        }
    }
}

/// Owns one AVPacket.
@safe final class EncodingPacket {
    let handle: UnsafeMutablePointer<AVPacket>

    init(path: String) throws(MediaError) {
        guard let packet = unsafe av_packet_alloc() else { throw .noMemoryToWrite(path) }
        unsafe handle = packet
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe handle
        unsafe av_packet_free(&packet)
    }
}

/// Owns one encoder.
@safe final class EncoderContext {
    let handle: UnsafeMutablePointer<AVCodecContext>

    /// Allocates the encoder and leaves it to be configured; `open()` makes it ready.
    init(_ codec: UnsafePointer<AVCodec>, path: String) throws(MediaError) {
        guard let context = unsafe avcodec_alloc_context3(codec) else { throw .noMemoryToWrite(path) }
        unsafe handle = context
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe handle
        unsafe avcodec_free_context(&context)
    }

    /// Opens the configured encoder.
    func open(path: String) throws(MediaError) {
        try checkWrite(unsafe avcodec_open2(handle, nil, nil), path, "the encoder could not be opened")
    }

    /// Feeds one picture (nil: no more will come) and hands each packet that falls out to `body`.
    func encode(
        _ picture: EncodingPicture?, into packet: EncodingPacket, path: String,
        _ body: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
    ) throws(MediaError) {
        try checkWrite(unsafe avcodec_send_frame(handle, picture?.handle), path, "a frame could not be encoded")
        while true {
            let status = unsafe avcodec_receive_packet(handle, packet.handle)
            if status == sora_error_again() || status == sora_error_end() { return }
            try checkWrite(status, path, "a frame could not be encoded")
            try unsafe body(packet.handle)
            unsafe av_packet_unref(packet.handle)
        }
    }
}

/// Owns one swscale context from RGB to an encoder's pixel format.
@safe final class EncodingScaler {
    private let handle: UnsafeMutableRawPointer

    init(width: Int, height: Int, to format: AVPixelFormat, path: String) throws(MediaError) {
        guard let context = unsafe sora_encode_scaler(Int32(clamping: width), Int32(clamping: height), format) else {
            throw MediaError(.badRequest, path: path, "\(width)x\(height) is a size that cannot be converted")
        }
        unsafe handle = context
    }

    deinit { unsafe sora_encode_free_scaler(handle) }

    func convert(_ source: EncodingPicture, to target: EncodingPicture) {
        _ = unsafe sora_encode_convert(handle, source.handle, target.handle)
    }
}

/// Throws what libav says about a failed call.
func checkWrite(_ status: Int32, _ path: String, _ message: String) throws(MediaError) {
    guard status < 0 else { return }
    throw MediaError(
        .unwritable, path: path, message,
        remedy: "Check that the folder exists, that you may write to it, and that the disk is not full.",
        cause: describe(status: status))
}

extension MediaError {
    static func noMemoryToWrite(_ path: String) -> MediaError {
        MediaError(.unwritable, path: path, "there is not enough memory to encode it", remedy: "Use smaller frames.")
    }
}
