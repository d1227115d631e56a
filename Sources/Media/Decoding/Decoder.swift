internal import CFFmpeg

/// An open video decoder for one stream of a container.
@safe final class Decoder {
    private let context: UnsafeMutablePointer<AVCodecContext>

    /// Opens the decoder of `stream`.
    ///
    /// - Parameter isStrict: whether it gives no frame where it meets an error, rather than what it can.
    /// - Throws: `MediaError` `.unsupported` where there is no decoder for the stream or it will not open.
    init(stream: UnsafeMutablePointer<AVStream>, path: String, threads: Int, isStrict: Bool) throws(MediaError) {
        let parameters = unsafe stream.pointee.codecpar
        let identifier = unsafe parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE
        guard let codec = unsafe Decoder.preferred(for: stream, identifier), let parameters = unsafe parameters else {
            let name = unsafe String(cString: avcodec_get_name(identifier))
            throw MediaError(
                .unsupported, path: path,
                "there is no decoder for its video (\(name == "none" || name == "unknown_codec" ? "unknown codec" : name))",
                remedy: "Convert it to H.264 first, with a tool that knows this codec.")
        }
        guard let allocated = unsafe avcodec_alloc_context3(codec) else { throw .outOfMemory(path) }
        unsafe context = allocated
        var status = unsafe avcodec_parameters_to_context(allocated, parameters)
        unsafe allocated.pointee.pkt_timebase = stream.pointee.time_base
        unsafe allocated.pointee.thread_count = Int32(clamping: min(max(threads, 1), 64))
        unsafe allocated.pointee.thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE
        unsafe allocated.pointee.max_pixels = Int64(Limits.pixels)
        if isStrict { unsafe allocated.pointee.err_recognition |= AV_EF_EXPLODE }
        guard status >= 0 else { throw Decoder.failure(path, status, nil) }
        let (opened, complaint) = LibraryLog.capture { unsafe avcodec_open2(allocated, codec, nil) }
        status = opened
        guard status >= 0 else { throw Decoder.failure(path, status, complaint) }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    /// The decoder's name, as in `libvpx-vp9`.
    var name: String {
        guard let codec = unsafe context.pointee.codec, let name = unsafe codec.pointee.name else { return "" }
        return unsafe String(cString: name)
    }

    /// Gives the decoder a packet, or nil when there are no more.
    func send(_ packet: PacketBuffer?) -> Int32 {
        if let packet { return unsafe avcodec_send_packet(context, packet.pointer) }
        return unsafe avcodec_send_packet(context, nil)
    }

    /// Takes the next frame that is ready.
    func receive(into picture: PictureBuffer) -> Int32 {
        unsafe avcodec_receive_frame(context, picture.pointer)
    }

    /// Forgets all frames and references, for decoding from another place.
    func flush() { unsafe avcodec_flush_buffers(context) }

    /// The decoder for the stream. VP8 and VP9 with transparency need libvpx: FFmpeg's own drops the alpha plane.
    static func preferred(
        for stream: UnsafeMutablePointer<AVStream>, _ identifier: AVCodecID
    ) -> UnsafePointer<AVCodec>? {
        if let tag = unsafe av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0),
            unsafe tag.pointee.value[0] == 49
        {
            let name = identifier == AV_CODEC_ID_VP9 ? "libvpx-vp9" : identifier == AV_CODEC_ID_VP8 ? "libvpx" : ""
            if let codec = unsafe avcodec_find_decoder_by_name(name) { return unsafe codec }
        }
        return unsafe avcodec_find_decoder(identifier)
    }

    private static func failure(_ path: String, _ status: Int32, _ complaint: String?) -> MediaError {
        MediaError(
            .unsupported, path: path, "the decoder for its video does not open",
            remedy: "Check that the file is whole, or convert it to H.264 first.",
            cause: complaint.map { "\(describe(status: status)): \($0)" } ?? describe(status: status))
    }
}
