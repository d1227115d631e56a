internal import CFFmpeg

/// An open container: owns the library's format context and the file under it.
///
/// Only one regular local file is ever read. Playlists and references to other files inside it are refused.
@safe final class Demuxer {
    let path: String
    /// The context; its streams are described from creation on.
    let context: UnsafeMutablePointer<AVFormatContext>
    private let file: UnsafeMutablePointer<AVIOContext>
    private let deadline: Deadline

    /// Opens the file and finds its streams.
    ///
    /// - Throws: `MediaError` `.unreadable` where there is no such file, it is a folder, empty or may not be read;
    ///   `.unsupported` where its container is not known; `.noVideo` for a still image or text.
    /// - Parameter isStill: whether it has to be a still image, rather than may be none.
    init(path: String, isStill: Bool = false) throws(MediaError) {
        LibraryLog.silence()
        try Demuxer.checkFile(path)
        let deadline = Deadline()
        deadline.start(seconds: Limits.openingSeconds)
        var interrupt = unsafe AVIOInterruptCB(
            callback: { clock in
                guard let clock = unsafe clock else { return 0 }
                return unsafe Unmanaged<Deadline>.fromOpaque(clock).takeUnretainedValue().isPast ? 1 : 0
            }, opaque: Unmanaged.passUnretained(deadline).toOpaque())
        var io: UnsafeMutablePointer<AVIOContext>?
        // "file:" keeps names such as "-x.mp4", "a:b.mp4" and "100%.mp4" from being read as options or protocols.
        let opened = unsafe avio_open2(&io, "file:" + path, AVIO_FLAG_READ, &interrupt, nil)
        guard opened >= 0, let file = unsafe io else {
            throw MediaError(
                .unreadable, path: path, "the file cannot be opened", remedy: "Check that it may be read.",
                cause: describe(status: opened))
        }
        guard let allocated = unsafe avformat_alloc_context() else {
            unsafe avio_closep(&io)
            throw .outOfMemory(path)
        }
        unsafe allocated.pointee.pb = file
        unsafe sora_forbid_nested_files(allocated)
        unsafe allocated.pointee.interrupt_callback = interrupt
        // What kind of file it is, before its reader runs: a playlist's reader would open what the playlist names.
        var format: UnsafePointer<AVInputFormat>?
        let probed = LibraryLog.capture {
            unsafe av_probe_input_buffer2(file, &format, "file:" + path, allocated, 0, 0)
        }
        do throws(MediaError) {
            guard probed.0 >= 0 else { throw Demuxer.openingError(path, probed.0, probed.lastError) }
            try unsafe Demuxer.checkFormat(format, path, isStill: isStill)
        } catch {
            unsafe avformat_free_context(allocated)
            unsafe avio_closep(&io)
            throw error
        }
        var handle: UnsafeMutablePointer<AVFormatContext>? = unsafe allocated
        let (status, complaint) = LibraryLog.capture {
            unsafe avformat_open_input(&handle, "file:" + path, format, nil)
        }
        // On failure the library has freed the context; the file under it stays ours.
        guard status >= 0, let context = unsafe handle else {
            unsafe avio_closep(&io)
            throw Demuxer.openingError(path, status, complaint)
        }
        unsafe self.context = context
        unsafe self.file = file
        self.path = path
        self.deadline = deadline
        // From here on `deinit` cleans up.
        try findStreams()
        deadline.clear()
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        unsafe avformat_close_input(&context)
        var file: UnsafeMutablePointer<AVIOContext>? = unsafe file
        unsafe avio_closep(&file)
        withExtendedLifetime(deadline) {}
    }

    /// The container format's short name, as in `mov,mp4,m4a,3gp,3g2,mj2`.
    var containerName: String {
        guard let format = unsafe context.pointee.iformat, let name = unsafe format.pointee.name else { return "" }
        return unsafe String(cString: name)
    }

    var streamCount: Int { Int(unsafe context.pointee.nb_streams) }

    /// Stream `index`; nil past the end.
    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        guard let index = Int32(exactly: index) else { return nil }
        return unsafe sora_stream(context, index)
    }

    /// Reads the next packet of any stream. Below zero at the end or on failure, with the library's status.
    func read(into packet: PacketBuffer) -> Int32 {
        unsafe av_packet_unref(packet.pointer)
        return unsafe av_read_frame(context, packet.pointer)
    }

    /// Bytes of the file.
    var fileSize: Int64 { unsafe avio_size(file) }

    /// The status of reading the file itself, which demuxers tend to report as a plain end.
    var fileStatus: Int32 { unsafe file.pointee.error }

    private func findStreams() throws(MediaError) {
        let count = streamCount
        // The decoders that the library opens here to look at the first frames hold to the same limits as ours.
        var options = unsafe [OpaquePointer?](repeating: nil, count: count)
        for index in 0..<count { unsafe av_dict_set_int(&options[index], "max_pixels", Int64(Limits.pixels), 0) }
        let (status, complaint) = LibraryLog.capture {
            unsafe options.withUnsafeMutableBufferPointer {
                unsafe avformat_find_stream_info(context, count > 0 ? $0.baseAddress : nil)
            }
        }
        for index in 0..<count { unsafe av_dict_free(&options[index]) }
        if status < 0 { throw Demuxer.openingError(path, status, complaint) }
    }
}
