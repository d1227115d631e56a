internal import CFFmpeg

extension MediaInfo {
    /// Describes an open container.
    ///
    /// - Throws: `MediaError` `.noVideo` or `.unsupported`.
    init(_ demuxer: Demuxer) throws(MediaError) {
        let described = (0..<demuxer.streamCount).compactMap { index in
            unsafe demuxer.stream(index).map { unsafe Stream(describing: $0, index: index) }
        }
        let video = try MediaInfo.chooseVideo(demuxer, described)
        guard let stream = unsafe demuxer.stream(video), let parameters = unsafe stream.pointee.codecpar else {
            throw MediaInfo.noVideo(demuxer.path, described)
        }
        path = demuxer.path
        container = demuxer.containerName
        streams = described
        videoStream = video
        codec = unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id))
        codedSize = Size(width: Int(unsafe parameters.pointee.width), height: Int(unsafe parameters.pointee.height))
        let ratio = unsafe av_guess_sample_aspect_ratio(demuxer.context, stream, nil)
        sampleAspectRatio = ratio.num > 0 && ratio.den > 0 ? Ratio(Int(ratio.num), Int(ratio.den)) : Ratio(1, 1)
        let orientation = unsafe Orientation(of: stream)
        rotation = orientation.rotation
        mirrored = orientation.mirrored
        displaySize = orientation.apply(to: codedSize.stretched(by: sampleAspectRatio))
        let average = unsafe stream.pointee.avg_frame_rate
        let base = unsafe stream.pointee.r_frame_rate
        averageRate = Ratio(average)
        if averageRate.numerator == 0, base.num > 0, base.den > 0, base.num / base.den < 1000 {
            averageRate = Ratio(base)
        }
        let format = unsafe parameters.pointee.format
        pixelFormat = unsafe av_get_pix_fmt_name(AVPixelFormat(format)).map { unsafe String(cString: $0) } ?? "unknown"
        bitDepth = Int(sora_format_depth(format))
        colorSpace = unsafe MediaInfo.name(av_color_space_name(parameters.pointee.color_space))
        colorRange = unsafe MediaInfo.name(av_color_range_name(parameters.pointee.color_range))
        let timeBase = unsafe stream.pointee.time_base
        startTime = unsafe MediaTime(stream.pointee.start_time, base: timeBase)
        duration = unsafe MediaTime(stream.pointee.duration, base: timeBase)
        if duration == nil || duration == .zero {
            duration = unsafe MediaTime(demuxer.context.pointee.duration, base: AVRational(num: 1, den: 1_000_000))
        }
        let frames = unsafe stream.pointee.nb_frames
        frameCount = frames > 0 ? Int(frames) : nil
        frameCountIsEstimate = false
        if frameCount == nil, let seconds = duration?.seconds, seconds > 0, averageRate.value > 0, seconds < 1e7 {
            frameCount = Int(min((seconds * averageRate.value).rounded(), 1e12))
            frameCountIsEstimate = true
        }
        frameCountIsExact = false
        hasAudio = described.contains { $0.kind == .audio }
        variableRate = unsafe MediaInfo.seemsVariable(stream)
    }

    /// Whether pictures carry transparency, which is laid over black.
    package var hasAlpha: Bool { sora_format_has_alpha(unsafe av_get_pix_fmt(pixelFormat).rawValue) != 0 }

    /// The stream that FFmpeg's own choice falls on: the largest picture, with a bonus for the default stream.
    private static func chooseVideo(_ demuxer: Demuxer, _ streams: [Stream]) throws(MediaError) -> Int {
        var best: (index: Int, score: Int64)?
        for described in streams where described.kind == .video {
            guard let stream = unsafe demuxer.stream(described.index), let parameters = unsafe stream.pointee.codecpar
            else { continue }
            var score = unsafe Int64(parameters.pointee.width) * Int64(parameters.pointee.height)
            if unsafe stream.pointee.event_flags & AVSTREAM_EVENT_FLAG_NEW_PACKETS != 0 { score += 100_000_000 }
            if unsafe stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0 { score += 5_000_000 }
            if best.map({ score > $0.score }) ?? true { best = (described.index, score) }
        }
        guard let best else { throw noVideo(demuxer.path, streams) }
        return best.index
    }

    private static func noVideo(_ path: String, _ streams: [Stream]) -> MediaError {
        let kinds = Set(streams.map(\.kind.rawValue)).sorted().joined(separator: ", ")
        return MediaError(
            .noVideo, path: path, "it has no video" + (kinds.isEmpty ? "" : ", only \(kinds)"),
            remedy: "Give a file with a video stream.")
    }

    /// Judges from the container's own index where it has one, otherwise from the rates that it states.
    private static func seemsVariable(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        let count = unsafe avformat_index_get_entries_count(stream)
        let whole = unsafe stream.pointee.nb_frames > 0 && Int64(count) >= stream.pointee.nb_frames
        if whole, count > 2 {
            var times: [Int64] = []
            for index in 0..<min(count, 20_000) {
                guard let entry = unsafe avformat_index_get_entry(stream, index) else { continue }
                unsafe times.append(entry.pointee.timestamp)
            }
            return isVariable(times)
        }
        let average = unsafe stream.pointee.avg_frame_rate
        let base = unsafe stream.pointee.r_frame_rate
        guard average.num > 0, average.den > 0, base.num > 0, base.den > 0 else { return false }
        let ratio = (Double(average.num) / Double(average.den)) / (Double(base.num) / Double(base.den))
        return ratio < 0.98 || ratio > 1.02
    }

    /// Whether `times`, in order, stray from equal steps by more than rounding to the time base: a unit of it, or a
    /// fiftieth of a step where the base is fine.
    package static func isVariable(_ times: [Int64]) -> Bool {
        // The last step is left out: containers often stretch or cut it.
        let times = times.dropLast()
        guard let first = times.first, let last = times.last, times.count > 2 else { return false }
        let (steps, span) = (Int128(times.count - 1), Int128(last) - Int128(first))
        // All multiplied by the number of steps, which keeps it in whole numbers.
        let slack = max(steps, abs(span) / 50)
        for (index, time) in times.enumerated()
        where abs((Int128(time) - Int128(first)) * steps - Int128(index) * span) > slack { return true }
        return false
    }

    private static func name(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "unknown" }
        return unsafe String(cString: text)
    }

    /// Takes the rate from the frames where the container's is another: some give the clock's.
    private mutating func correctRate(frames: Int, span: MediaTime) {
        guard frames > 1, span > .zero, abs(averageRate.value * span.seconds / Double(frames - 1) - 1) > 0.01 else {
            return
        }
        let (ticks, overflows) = Int64(frames - 1).multipliedReportingOverflow(by: Int64(span.timescale))
        guard !overflows else { return }
        var rate = AVRational()
        unsafe av_reduce(&rate.num, &rate.den, ticks, span.value, Int64(Int32.max))
        averageRate = Ratio(rate)
    }

    /// Decodes to the end, and puts the frames' own figures in place of the container's.
    mutating func count(_ source: FrameSource, _ observe: (Int) -> Void) throws(MediaError) {
        var times: [Int64] = []
        var last: FrameHeader?
        var first: MediaTime?
        while let header = try source.advance() {
            first = first ?? header.time
            // Enough to judge the rate by; the count itself needs no memory.
            if times.count < 1_000_000 { times.append(header.timestamp) }
            last = header
            observe(header.index + 1)
        }
        guard let last, let first else { return }
        frameCount = last.index + 1
        frameCountIsExact = true
        variableRate = MediaInfo.isVariable(times)
        startTime = first
        frameCountIsEstimate = false
        if duration == nil { duration = source.endTime.minus(first) }
        correctRate(frames: last.index + 1, span: last.time.minus(first))
    }
}

extension MediaInfo.Stream {
    init(describing stream: UnsafeMutablePointer<AVStream>, index: Int) {
        self.index = index
        let type = unsafe stream.pointee.codecpar?.pointee.codec_type ?? AVMEDIA_TYPE_UNKNOWN
        switch type {
        case AVMEDIA_TYPE_VIDEO:
            kind = unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 ? .coverArt : .video
        case AVMEDIA_TYPE_AUDIO: kind = .audio
        case AVMEDIA_TYPE_SUBTITLE: kind = .subtitle
        case AVMEDIA_TYPE_DATA: kind = .data
        case AVMEDIA_TYPE_ATTACHMENT: kind = .attachment
        default: kind = .unknown
        }
        codec = unsafe String(cString: avcodec_get_name(stream.pointee.codecpar?.pointee.codec_id ?? AV_CODEC_ID_NONE))
    }
}

extension MediaInfo.Ratio {
    init(_ rational: AVRational) {
        self.init(Int(max(0, rational.num)), Int(max(1, rational.den)))
    }
}

extension MediaInfo.Size {
    /// The size with square samples. A ratio that would make a picture beyond any use is taken as 1.
    func stretched(by ratio: MediaInfo.Ratio) -> MediaInfo.Size {
        let wide = (Double(width) * ratio.value).rounded()
        guard wide >= 1, wide <= Double(Limits.side) else { return self }
        return MediaInfo.Size(width: Int(wide), height: height)
    }
}
