internal import CFFmpeg

/// Writes RGB frames with exact times to a video file: MP4 or MOV (H.264, else MPEG-4 part 2), WebM (VP9, else VP8)
/// or GIF, by the file's extension.
///
/// ```swift
/// let encoder = try VideoEncoder(path: "out.mp4", width: 128, height: 96)
/// for index in 0..<24 { try encoder.append(rgb[index], at: MediaTime(value: Int64(index), timescale: 12)) }
/// try encoder.finish()
/// ```
///
/// - Times: MP4 and MOV keep them exactly, however irregular. WebM keeps milliseconds and GIF hundredths of a
///   second: times are moved to the nearest, and GIF starts at zero.
/// - Size: MP4, MOV and WebM hold even sizes only; an odd one is padded by repeating the last column or row
///   (`encodedWidth`, `encodedHeight`). GIF holds any size.
/// - Colour: limited-range BT.709, tagged as such. GIF has a palette of up to 256 colours, chosen from the frames.
/// - Safety: the file takes its name in `finish()`, when whole; an encoder that is dropped or cancelled leaves nothing.
///
/// To be used from one thread at a time. Memory does not grow with the number of frames.
@safe public final class VideoEncoder {
    /// Where the file goes.
    public let path: String
    /// Width of the frames taken, in pixels.
    public let width: Int
    /// Height of the frames taken, in pixels.
    public let height: Int
    /// Width of the video written: `width`, or one more where the format needs an even number.
    public let encodedWidth: Int
    /// Height of the video written: `height`, or one more where the format needs an even number.
    public let encodedHeight: Int
    /// How many frames have been taken.
    public private(set) var frameCount = 0
    /// Name of the encoder in use, in libavcodec's terms: `libx264`, say.
    public var codecName: String { codec.name }

    private let options: Options
    private let format: EncodingFormat
    private let codec: EncodingFormat.Codec
    private let muxer: EncodingMuxer
    private let context: EncoderContext
    private let packet: EncodingPacket
    private let converter: PictureConverter
    /// The last frame taken: it is encoded when the next one, or the end, says how long it lasts.
    private var pending: (picture: EncodingPicture, time: MediaTime)?
    private var spare: EncodingPicture?
    private var timeline: EncodingTimeline?
    private var lastDuration: Int64 = 0
    private var sent: Int64 = 0
    private var isOpen = true

    /// Begins a file.
    /// - Parameters:
    ///   - path: where it goes; the extension (mp4, m4v, mov, webm, gif) is the format.
    ///   - width: of every frame, in pixels, 1...16384.
    ///   - height: of every frame, in pixels, 1...16384.
    ///   - options: quality, timescale, threads.
    /// - Throws: `MediaError.unwritable` if the format is not known, its encoder is not installed, or the folder
    ///   cannot be written; `MediaError.badRequest` if the size makes no sense.
    public init(path: String, width: Int, height: Int, options: Options = Options()) throws(MediaError) {
        format = try EncodingFormat(path: path)
        guard (1...16384).contains(width), (1...16384).contains(height) else {
            throw MediaError(
                .badRequest, path: path, "\(width)x\(height) is not a size that can be encoded",
                remedy: "Give a width and a height from 1 to 16384.")
        }
        self.path = path
        self.width = width
        self.height = height
        self.options = options
        let (codec, encoder) = try unsafe format.codec(named: options.codecName, path: path)
        self.codec = codec
        let even = codec.pixelFormat == AV_PIX_FMT_YUV420P
        encodedWidth = even ? width + width % 2 : width
        encodedHeight = even ? height + height % 2 : height
        context = try unsafe EncoderContext(encoder, path: path)
        packet = try EncodingPacket(path: path)
        converter = try PictureConverter(
            width: width, height: height, encodedWidth: encodedWidth, encodedHeight: encodedHeight,
            to: codec.pixelFormat, path: path)
        muxer = try EncodingMuxer(format: format, path: path)
    }

    deinit { cancel() }

    /// Takes one frame.
    /// - Parameters:
    ///   - rgb: samples `[height, width, 3]`.
    ///   - time: when it is shown: not negative, and after the frame before it.
    /// - Throws: `MediaError.badRequest` if the bytes or the time do not fit (the encoder can still be used);
    ///   `MediaError.unwritable` if encoding or writing failed (it cannot, and the file is gone).
    public func append(_ rgb: [UInt8], at time: MediaTime) throws(MediaError) {
        try append(rgb[...], at: time)
    }

    /// Takes one frame, as `append(_: [UInt8], at:)` does.
    public func append(_ rgb: ArraySlice<UInt8>, at time: MediaTime) throws(MediaError) {
        try requireOpen()
        guard rgb.count == width * height * 3 else {
            throw MediaError(
                .badRequest, path: path,
                "frame \(frameCount) has \(rgb.count) bytes where \(width)x\(height) RGB has \(width * height * 3)")
        }
        guard time >= .zero else {
            throw MediaError(
                .badRequest, path: path, "frame \(frameCount) is at \(time), before zero",
                remedy: "Move all the times so that the first is not negative.")
        }
        if let before = pending?.time, time <= before {
            throw MediaError(
                .badRequest, path: path, "frame \(frameCount) at \(time) is not after the one before it, at \(before)",
                remedy: "Give the frames in the order of their times, each time once.")
        }
        try timeline.map { line throws(MediaError) in _ = try line.tick(of: time, path: path) }
        try guarded { () throws(MediaError) in
            let picture = if let spare { spare } else { try converter.makePicture() }
            try converter.convert(rgb, into: picture)
            if pending != nil { try encodePending(until: time) }
            spare = pending?.picture
            pending = (picture, time)
            frameCount += 1
        }
    }

    /// Takes all of `frames`, at their own times; throws as `append` does.
    public func append(contentsOf frames: Frames) throws(MediaError) {
        guard frames.count == 0 || (frames.width, frames.height) == (width, height) else {
            throw MediaError(
                .badRequest, path: path,
                "the frames are \(frames.width)x\(frames.height) and the video is \(width)x\(height)",
                remedy: "Resize the frames, or begin an encoder of their size.")
        }
        for index in 0..<frames.count {
            try frames.requireFrame(index, path: path)
            try append(frames.bytes[frames.byteRange(of: index)], at: frames.times[index])
        }
    }

    /// Writes what is outstanding and gives the file its name.
    /// - Parameter end: when the last frame stops being shown; where nil, it lasts as long as the one before it.
    /// - Throws: `MediaError.badRequest` if there were no frames, `MediaError.unwritable` if writing failed.
    ///   In both cases no file is left.
    public func finish(at end: MediaTime? = nil) throws(MediaError) {
        try requireOpen()
        try guarded { () throws(MediaError) in
            guard pending != nil else {
                throw MediaError(.badRequest, path: path, "it would hold no frame", remedy: "Append at least one.")
            }
            try encodePending(until: end)
            try drain(nil)
            isOpen = false
            try muxer.finish()
        }
    }

    /// Stops, and removes what was written; nothing after `finish()`.
    public func cancel() {
        isOpen = false
        muxer.cancel()
    }

    private func requireOpen() throws(MediaError) {
        guard isOpen else {
            throw MediaError(
                .badRequest, path: path, "it is already finished, or its writing failed",
                remedy: "Begin another encoder.")
        }
    }

    /// Runs a step whose failure ends the file.
    private func guarded(_ step: () throws(MediaError) -> Void) throws(MediaError) {
        do { try step() } catch {
            cancel()
            throw error
        }
    }

    /// Encodes the pending frame, now that it is known when it ends.
    private func encodePending(until end: MediaTime?) throws(MediaError) {
        guard let (picture, time) = pending else { return }
        if timeline == nil { try start(time, end) }
        guard let timeline else { return }
        let tick = try timeline.tick(of: time, path: path)
        if let end {
            lastDuration = try timeline.tick(of: end, path: path) - tick
        } else if lastDuration == 0 {
            lastDuration = max(1, Int64(timeline.timescale / 25))
        }
        guard lastDuration > 0 else {
            throw MediaError(
                .badRequest, path: path, "the frame at \(time) ends at the same 1/\(timeline.timescale) s as it begins",
                remedy: "Use fewer frames a second, or an .mp4, which keeps any time.")
        }
        unsafe picture.handle.pointee.pts = codec.countsFrames ? sent : tick
        muxer.expect(tick: tick, duration: lastDuration, codecTime: codec.countsFrames ? sent : tick)
        sent += 1
        try drain(picture)
    }

    /// Opens the encoder and the file once the first frame's duration is known.
    private func start(_ first: MediaTime, _ second: MediaTime?) throws(MediaError) {
        let line = try EncodingTimeline(
            format: format, asked: options.timescale, first: [first] + (second.map { [$0] } ?? []), path: path)
        timeline = line
        let settings = unsafe context.handle
        unsafe settings.pointee.width = Int32(clamping: encodedWidth)
        unsafe settings.pointee.height = Int32(clamping: encodedHeight)
        unsafe settings.pointee.pix_fmt = codec.pixelFormat
        unsafe settings.pointee.time_base = AVRational(num: 1, den: codec.countsFrames ? 25 : line.timescale)
        unsafe settings.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        unsafe settings.pointee.thread_count = Int32(clamping: max(0, options.threads))
        // Rate control and the coded level want to know about how many frames a second will come.
        let interval = max(1, try (second ?? first).isAfter(first, on: line, path: path))
        unsafe settings.pointee.framerate = AVRational(
            num: max(1, min(240, Int32(clamping: Int64(line.timescale) / interval))), den: 1)
        unsafe settings.pointee.gop_size = 120
        if codec.pixelFormat == AV_PIX_FMT_YUV420P {
            unsafe settings.pointee.color_range = AVCOL_RANGE_MPEG
            unsafe settings.pointee.colorspace = AVCOL_SPC_BT709
            unsafe settings.pointee.color_primaries = AVCOL_PRI_BT709
            unsafe settings.pointee.color_trc = AVCOL_TRC_BT709
        }
        let quality = options.quality.isNaN ? 0.6 : min(1, max(0, options.quality))
        for (name, value) in codec.options(quality) { _ = unsafe sora_encode_set(settings, name, value) }
        try muxer.begin(context, timescale: line.timescale)
    }

    /// Feeds the encoder and writes what it gives.
    private func drain(_ picture: EncodingPicture?) throws(MediaError) {
        try unsafe context.encode(picture, into: packet, path: path) { (packet) throws(MediaError) in
            try unsafe muxer.write(packet)
        }
    }
}

extension MediaTime {
    /// Ticks from an earlier time to this one.
    fileprivate func isAfter(
        _ earlier: MediaTime, on line: EncodingTimeline, path: String
    ) throws(MediaError) -> Int64 {
        try line.tick(of: self, path: path) - line.tick(of: earlier, path: path)
    }
}
