internal import CFFmpeg

extension Frames {
    /// One frame as the bytes of a PNG file.
    /// - Throws: `MediaError.badRequest` if there is no such frame or its bytes are missing;
    ///   `MediaError.unwritable` if the installed FFmpeg has no PNG encoder.
    public func pngData(_ index: Int = 0) throws(MediaError) -> [UInt8] { try pngData(index, path: "PNG image") }

    /// Writes one frame as a PNG file, under a temporary name first.
    /// - Throws: as `pngData`, and `MediaError.unwritable` if the file cannot be written.
    public func writePNG(_ index: Int = 0, to path: String) throws(MediaError) {
        let data = try pngData(index, path: path)
        let file = try AtomicFile(path: path)
        try file.write(data)
        try file.finish()
    }

    private func pngData(_ index: Int, path: String) throws(MediaError) -> [UInt8] {
        try requireFrame(index, path: path)
        LibraryLog.silence()
        guard let encoder = unsafe avcodec_find_encoder(AV_CODEC_ID_PNG) else {
            throw MediaError(
                .unwritable, path: path, "the installed FFmpeg has no PNG encoder",
                remedy: "Install an FFmpeg that was built with zlib.")
        }
        let context = try unsafe EncoderContext(encoder, path: path)
        unsafe context.handle.pointee.width = Int32(clamping: width)
        unsafe context.handle.pointee.height = Int32(clamping: height)
        unsafe context.handle.pointee.pix_fmt = AV_PIX_FMT_RGB24
        unsafe context.handle.pointee.time_base = AVRational(num: 1, den: 1)
        unsafe context.handle.pointee.thread_count = 1
        try context.open(path: path)
        let picture = try EncodingPicture(width: width, height: height, format: AV_PIX_FMT_RGB24, path: path)
        unsafe bytes[byteRange(of: index)].withUnsafeBufferPointer {
            unsafe picture.fill(rgb: $0, width: width, height: height)
        }
        let packet = try EncodingPacket(path: path)
        var data: [UInt8] = []
        for input in [picture, nil] {
            try unsafe context.encode(input, into: packet, path: path) { (packet) throws(MediaError) in
                unsafe data += UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))
            }
        }
        return data
    }

    /// Throws unless frame `index` is there with all its bytes.
    func requireFrame(_ index: Int, path: String) throws(MediaError) {
        guard (1...32767).contains(width), (1...32767).contains(height) else {
            throw MediaError(.badRequest, path: path, "\(width)x\(height) is not a size that an image can have")
        }
        guard (0..<count).contains(index), byteRange(of: index).upperBound <= bytes.count else {
            throw MediaError(.badRequest, path: path, "there is no frame \(index): there are \(count)")
        }
    }
}
