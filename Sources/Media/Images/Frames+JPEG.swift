internal import CFFmpeg

extension Frames {
    /// One frame as the bytes of a JPEG file: full range BT.601 with half the colour resolution, as JPEG is everywhere.
    ///
    /// The same frame gives the same bytes.
    /// - Parameter quality: from 0 (small) to 1 (nearly as the input).
    /// - Throws: `MediaError.badRequest` if there is no such frame or its bytes are missing;
    ///   `MediaError.unwritable` if the installed FFmpeg has no JPEG encoder.
    public func jpegData(_ index: Int = 0, quality: Double = 0.7) throws(MediaError) -> [UInt8] {
        let path = "JPEG image"
        try requireFrame(index, path: path)
        LibraryLog.silence()
        guard let encoder = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw MediaError(
                .unwritable, path: path, "the installed FFmpeg has no JPEG encoder",
                remedy: "Install an FFmpeg with its usual encoders.")
        }
        let converter = try PictureConverter(
            width: width, height: height, encodedWidth: width, encodedHeight: height, to: AV_PIX_FMT_YUVJ420P,
            path: path)
        let picture = try converter.makePicture()
        try converter.convert(bytes[byteRange(of: index)], into: picture)
        // The quantiser's scale runs from 31 to 2.
        let level = quality.isNaN ? 0.7 : min(1, max(0, quality))
        let scale = Int32((31 - 29 * level).rounded()) * FF_QP2LAMBDA
        let context = try unsafe EncoderContext(encoder, path: path)
        unsafe context.handle.pointee.width = Int32(clamping: width)
        unsafe context.handle.pointee.height = Int32(clamping: height)
        unsafe context.handle.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        unsafe context.handle.pointee.color_range = AVCOL_RANGE_JPEG
        unsafe context.handle.pointee.time_base = AVRational(num: 1, den: 25)
        unsafe context.handle.pointee.thread_count = 1
        unsafe context.handle.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT
        unsafe context.handle.pointee.global_quality = scale
        try context.open(path: path)
        unsafe picture.handle.pointee.quality = scale
        unsafe picture.handle.pointee.color_range = AVCOL_RANGE_JPEG
        let packet = try EncodingPacket(path: path)
        var data: [UInt8] = []
        for input in [picture, nil] {
            try unsafe context.encode(input, into: packet, path: path) { (packet) throws(MediaError) in
                unsafe data += UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
            }
        }
        return data
    }
}
