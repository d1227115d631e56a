internal import CFFmpeg

/// Owns the output file: an AVFormatContext that writes to a temporary name.
@safe final class EncodingMuxer {
    private let path: String
    private let temporaryPath: String
    private let options: [(String, String)]
    private let handle: UnsafeMutablePointer<AVFormatContext>
    private var stream: UnsafeMutablePointer<AVStream>?
    private var encoderTimeBase = AVRational(num: 1, den: 1)
    /// Tick and duration of the frames that the encoder holds, by the time it knows them under.
    private var expected: [Int64: (tick: Int64, duration: Int64)] = [:]
    /// Whether the temporary file exists and is to be removed if all is not well.
    private var isUnfinished: Bool
    private var hasHeader = false

    init(format: EncodingFormat, path: String) throws(MediaError) {
        self.path = path
        temporaryPath = AtomicFile.temporaryPath(for: path)
        LibraryLog.silence()
        options = format.muxerOptions
        var context: UnsafeMutablePointer<AVFormatContext>?
        // "file:" keeps a colon in the path from being read as a protocol.
        let url = "file:" + temporaryPath
        let status = unsafe avformat_alloc_output_context2(&context, nil, format.muxer, url)
        guard let context = unsafe context else {
            try checkWrite(status, path, "the installed FFmpeg cannot write .\(format.muxer)")
            throw .noMemoryToWrite(path)
        }
        unsafe handle = context
        isUnfinished = false
        try checkWrite(
            unsafe avio_open(&context.pointee.pb, url, AVIO_FLAG_WRITE), path, "could not be opened for writing")
        isUnfinished = true
    }

    deinit {
        cancel()
        unsafe avformat_free_context(handle)
    }

    /// Opens the encoder as the container needs it, adds its stream, and writes the header.
    func begin(_ encoder: EncoderContext, timescale: Int32) throws(MediaError) {
        if unsafe handle.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 {
            unsafe encoder.handle.pointee.flags |= Int32(AV_CODEC_FLAG_GLOBAL_HEADER)
        }
        try encoder.open(path: path)
        encoderTimeBase = AVRational(num: 1, den: timescale)
        guard let added = unsafe avformat_new_stream(handle, nil) else { throw .noMemoryToWrite(path) }
        unsafe stream = added
        try checkWrite(
            unsafe avcodec_parameters_from_context(added.pointee.codecpar, encoder.handle), path,
            "the encoder's settings could not be copied")
        unsafe added.pointee.time_base = encoderTimeBase
        unsafe added.pointee.avg_frame_rate = encoder.handle.pointee.framerate
        for (name, value) in options { _ = unsafe sora_encode_set(handle, name, value) }
        // Without these, MP4 rounds the start of the video to the millisecond.
        for name in ["video_track_timescale", "movie_timescale"] {
            _ = unsafe sora_encode_set(handle, name, "\(timescale)")
        }
        try checkWrite(unsafe avformat_write_header(handle, nil), path, "its header could not be written")
        hasHeader = true
    }

    /// Announces a frame that the encoder is about to get.
    func expect(tick: Int64, duration: Int64, codecTime: Int64) { expected[codecTime] = (tick, duration) }

    /// Writes a packet as it left the encoder.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        guard let stream = unsafe stream else { return }
        if let (tick, duration) = unsafe expected.removeValue(forKey: packet.pointee.pts) {
            // Only encoders without reordering count frames, so decode order is presentation order for them.
            if unsafe packet.pointee.pts != tick { unsafe packet.pointee.dts = tick }
            unsafe packet.pointee.pts = tick
            unsafe packet.pointee.duration = duration
        }
        unsafe packet.pointee.stream_index = stream.pointee.index
        unsafe av_packet_rescale_ts(packet, encoderTimeBase, stream.pointee.time_base)
        try checkWrite(unsafe av_interleaved_write_frame(handle, packet), path, "a frame could not be written")
    }

    /// Completes the file and gives it its name.
    func finish() throws(MediaError) {
        guard isUnfinished, hasHeader else { return }
        hasHeader = false
        try checkWrite(unsafe av_write_trailer(handle), path, "its end could not be written")
        try checkWrite(unsafe avio_closep(&handle.pointee.pb), path, "it could not be closed")
        isUnfinished = false
        try AtomicFile.commit(temporaryPath, to: path)
    }

    /// Closes and removes the temporary file; nothing if already finished.
    func cancel() {
        guard isUnfinished else { return }
        isUnfinished = false
        _ = unsafe avio_closep(&handle.pointee.pb)
        AtomicFile.discard(temporaryPath)
    }
}
