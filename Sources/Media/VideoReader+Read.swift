internal import CFFmpeg

extension VideoReader {
    /// Reads the frames that a request asks for.
    ///
    /// - Parameters:
    ///   - request: which frames, and at which size.
    ///   - maximumBytes: the largest result to build.
    /// - Returns: the frames in the order of their times. With the crop `.five` each frame gives five.
    /// - Throws: `MediaError` `.badRequest` where the request makes no sense for this video or its result is larger than
    ///   `maximumBytes`; `.damaged` as the damage policy says, and where nothing decodes.
    /// - Cost: one decode of the part that holds the frames. Under `.hold` what no wanted frame needs is not decoded:
    ///   of H.264, HEVC, VP9, AV1 and codecs of key frames alone, the frames before the nearest key frame and, of the
    ///   first two, frames that are not wanted and that no other refers to. A long video of which few frames are asked
    ///   is not decoded whole in any case: see `frame(at:)`.
    public func read(_ request: FrameRequest, maximumBytes: Int = 4 << 30) throws -> Frames {
        var frames: Frames?
        let damaged = try forEachFrame(request) { frame in
            if frames == nil { frames = Frames(height: frame.height, width: frame.width) }
            guard (frames?.bytes.count ?? 0) + frame.bytes.count <= maximumBytes else {
                throw MediaError(
                    .badRequest, path: path, "the frames asked for take more than \(maximumBytes >> 20) MiB",
                    remedy: "Ask for fewer or smaller frames, or take them one by one from a FrameStream.")
            }
            frames?.bytes.append(contentsOf: frame.bytes)
            frames?.times.append(frame.time)
            frames?.indices.append(frame.index)
            frames?.distances.append(frame.distance)
            return true
        }
        let size = try fitter(request.resize, request.crop).layout.output
        var result = frames ?? Frames(height: size.height, width: size.width)
        result.damagedCount = damaged
        return result
    }

    /// Hands the frames that a request asks for to `body`, one by one, as they are decoded.
    ///
    /// - Parameter body: takes a frame; returns whether to go on.
    /// - Returns: how many frames of the part read were damaged, as `Frames.damagedCount`.
    /// - Throws: as `read(_:maximumBytes:)`, and what `body` throws.
    @discardableResult
    public func forEachFrame(_ request: FrameRequest, _ body: (Frame) throws -> Bool) throws -> Int {
        try request.check(path: path)
        try settleSize()
        var request = request
        if request.origin == .firstFrame, request.hasTimes { request = request.placed(after: try firstTime()) }
        let fitter = try self.fitter(request.resize, request.crop)
        switch request.sampling {
        case .uniform, .random:
            if let damaged = try skip(request, fitter, body) { return damaged }
            if isLong, let damaged = try visit(request, fitter, body) { return damaged }
            return try sample(request, fitter, body)
        case .times:
            (request.start, request.end) = (nil, nil)
            if isLong, let damaged = try visit(request, fitter, body) { return damaged }
        case .every:
            if let damaged = try skip(request, fitter, body) { return damaged }
        case .all, .keyFrames, .rate: break
        }
        return try stream(request, ordinals: [], fitter, body).damaged
    }

    /// When the first frame is shown.
    private func firstTime() throws -> MediaTime {
        if let firstFrameTime { return firstFrameTime }
        try rewind()
        _ = try advance()
        try rewind()
        return firstFrameTime ?? .zero
    }

    /// Decodes in order, and hands over what the selector takes.
    ///
    /// - Parameter toEnd: whether to decode the range to its end even when nothing more is wanted.
    /// - Returns: how many frames were damaged, and how many the range had as far as it was decoded.
    func stream(
        _ request: FrameRequest, ordinals: [Int], toEnd: Bool = false, _ fitter: Fitter,
        _ body: (Frame) throws -> Bool
    ) throws -> (damaged: Int, total: Int) {
        try stream(request, ordinals: ordinals, toEnd: toEnd) { header, picture, copies in
            try emit(header, picture, copies, fitter, body)
        }
    }

    /// The same, of pictures as the decoder leaves them: `body` takes one, how often it is wanted, and returns whether to go
    /// on.
    func stream(
        _ request: FrameRequest, ordinals: [Int], toEnd: Bool,
        _ body: (FrameHeader, PictureBuffer, _ copies: Int) throws -> Bool
    ) throws -> (damaged: Int, total: Int) {
        let primed = try begin(request)
        let slots = try SlotSource(source: source, request: request, primed: primed)
        try markTouched()
        let unit = Double(source.timeBase.num) / Double(max(1, source.timeBase.den))
        var selector = Selector(request, ordinals: ordinals, timeUnit: unit)
        var pending: FrameHeader?
        var ended = false
        while !ended, toEnd || !selector.isDone {
            let header = try slots.next()
            ended = header.map { next in request.end.map { next.time >= $0 } ?? false } ?? true
            if let frame = pending {
                let until = min(header?.time ?? slots.endTime, request.end ?? .distantFuture)
                let copies = selector.take(frame, until: until)
                if case .rate(let rate) = request.sampling, copies > Limits.copies {
                    throw jumpOfTime(frame, until, rate)
                }
                let picture = slots.picture(header == nil ? .current : .previous)
                guard try body(frame, picture, copies) else { break }
            }
            pending = header
        }
        if ended, case .times(let times) = request.sampling, let late = selector.firstLeft(of: times) {
            throw beyondEnd(late, slots.endTime)
        }
        return (slots.damagedCount, selector.ordinal)
    }

    /// Goes to where decoding for a request starts: the first frame, or near the range's start in a long video.
    ///
    /// - Returns: the header of the frame that is current already, if one is.
    private func begin(_ request: FrameRequest) throws -> FrameHeader? {
        guard let start = request.start, isLong else {
            try rewind()
            return nil
        }
        if request.damage == .hold {
            // Where the file is not whole, what stands in for the first frames lies before them.
            if let table = try wholeTable(), !table.times.isEmpty {
                let first = table.index(at: start, base: source.timeBase)
                if let header = try reach(first, table) { return header }
            }
            try rewind()
            return nil
        }
        let table = try frameTable()
        guard !table.times.isEmpty else { return nil }
        let header = try move(to: table.index(at: start, base: source.timeBase))
        // The table may have proved wrong on the way.
        guard let now = self.table, now.isExact != table.isExact else { return header }
        return try move(to: now.index(at: start, base: source.timeBase))
    }

    private func jumpOfTime(_ frame: FrameHeader, _ until: MediaTime, _ rate: Double) -> MediaError {
        MediaError(
            .damaged, path: path,
            "frame \(frame.index) at \(frame.time) s is shown until \(until) s: too long to repeat it \(rate) times a second",
            remedy:
                "Its timestamps jump: give an end, sample by count, or repair it with `ffmpeg -i FILE -c copy copy.mp4`."
        )
    }

    func beyondEnd(_ time: MediaTime, _ end: MediaTime) -> MediaError {
        // As they were asked for: counted from the first frame.
        let start = info.startTime ?? .zero
        return MediaError(
            .badRequest, path: path,
            "\(time.minus(start).seconds) s after the first frame is asked for, and the video ends at \(end.minus(start).seconds) s",
            remedy: "Ask for times inside the video.")
    }

    /// Converts one picture, once, and hands over all its crops, `copies` times.
    func emit(
        _ header: FrameHeader, _ picture: PictureBuffer, _ copies: Int, _ fitter: Fitter,
        _ body: (Frame) throws -> Bool
    ) throws -> Bool {
        guard copies > 0 else { return true }
        return try emit(header, fitter.bytes(of: picture), copies, fitter.layout, body)
    }

    /// Hands over all crops of a converted picture, `copies` times.
    func emit(
        _ header: FrameHeader, _ bytes: [UInt8], _ copies: Int, _ layout: Layout, _ body: (Frame) throws -> Bool
    ) throws -> Bool {
        let size = layout.output
        let crops = layout.windows.count
        let each = size.width * size.height * 3
        for _ in 0..<copies {
            for crop in 0..<crops {
                let part = crops == 1 ? bytes : Array(bytes[crop * each..<(crop + 1) * each])
                let frame = Frame(
                    width: size.width, height: size.height, bytes: part, time: header.time, index: header.index,
                    isKeyFrame: header.isKeyFrame, isDamaged: header.isDamaged)
                guard try body(frame) else { return false }
            }
        }
        return true
    }
}
