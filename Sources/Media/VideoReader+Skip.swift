internal import CFFmpeg

extension VideoReader {
    /// Reads the frames that a request asks for while decoding only what they need.
    ///
    /// The packets are listed first, from which the frames are chosen; then those packets are decoded that a wanted frame
    /// needs. Every frame that comes out is checked against the list. What does not fit it, or the first sign of damage,
    /// ends this, and all is decoded.
    ///
    /// - Returns: how many frames are known to be damaged, which is none; nil, with nothing handed over, where this way is
    ///   not open or would save nothing.
    func skip(_ request: FrameRequest, _ fitter: Fitter, _ body: (Frame) throws -> Bool) throws -> Int? {
        skippedPackets = 0
        if request.sampling == .every(1) { return nil }
        guard allowsSkipping, request.damage == .hold || request.accuracy != .exact,
            let stream = unsafe source.demuxer.stream(info.videoStream),
            let syntax = unsafe PictureSyntax(stream)
        else { return nil }
        try rewind()
        let list = try source.listPackets(syntax)
        if !list.isKept { try markTouched() }
        guard let plan = FramePlan(list) else { return nil }
        let range = plan.range(request, base: source.timeBase)
        let exact = request.sampling.ordinals(of: range.count).map { range.lowerBound + $0 }
        guard !exact.isEmpty, exact.count <= Self.waitingBytes / max(1, fitter.bytesPerPicture) else { return nil }
        let taken =
            switch request.accuracy {
            case .exact: exact
            case .fast: plan.cheapest(for: exact, in: range)
            case .keys: plan.nearestKeys(to: exact, in: range)
            }
        // Runs of their own can be decoded side by side, and give each thread all it can do.
        let (runs, needed) = plan.runs(to: Set(taken).sorted(), joins: threads < 2 || !list.isKept)
        guard needed.count(where: { $0 }) < needed.count - needed.count / 20 else { return nil }
        var waiting: [Frame] = []
        let crops = fitter.layout.windows.count
        let isDone = try decode(runs, needed, wanted: Set(taken), plan, list, request) { picture in
            let place = waiting.count / crops
            guard place < taken.count else { return }
            let copies = taken[place...].prefix { $0 == picture.header.index }.count
            _ = try emit(picture.header, picture.bytes, copies, fitter.layout) { frame in
                var frame = frame
                let sample = waiting.count / crops
                frame.distance = plan.seconds(from: taken[sample], to: exact[sample], base: source.timeBase)
                waiting.append(frame)
                return true
            }
        }
        guard isDone, waiting.count == taken.count * crops else { return nil }
        // The next request reads the packets again.
        try markTouched()
        if info.frameCount == nil { info.frameCount = plan.times.count }
        skippedPackets = needed.count { !$0 }
        for frame in waiting { guard try body(frame) else { break } }
        return 0
    }

    /// Decodes runs of packets, side by side where there are threads for it and the packets are kept, and hands the wanted
    /// frames to `body`, in order.
    ///
    /// - Returns: whether exactly the frames came that the plan has, none of them damaged.
    private func decode(
        _ runs: [FramePlan.Run], _ needed: [Bool], wanted: Set<Int>, _ plan: FramePlan, _ list: PacketList,
        _ request: FrameRequest, _ body: (RunDecoder.Picture) throws -> Void
    ) throws -> Bool {
        guard let stream = unsafe source.demuxer.stream(info.videoStream) else { return false }
        let lanes = list.isKept ? min(threads, runs.count) : 1
        let decoders = try (0..<lanes).map { _ in
            try unsafe RunDecoder(
                stream, path: path, threads: threads / lanes, fitter: fitter(request.resize, request.crop))
        }
        if lanes > 1 {
            let pool = RunDecoders(decoders)
            let parts = Prefetch(count: runs.count, threads: lanes, ahead: runs.count) { number in
                Result {
                    try pool.lend {
                        try $0.decode(runs[number], of: plan, needed: needed, wanted: wanted) { list.packet($0) }
                    } ?? nil
                }
            }
            for _ in runs {
                guard let pictures = try parts.next()?.get() else { return false }
                for picture in pictures { try body(picture) }
            }
            return true
        }
        if !list.isKept { try rewind() }
        defer { if !list.isKept { try? markTouched() } }
        var next = 0
        for run in runs {
            let pictures = try decoders[0].decode(run, of: plan, needed: needed, wanted: wanted) { number in
                try source.packet(number, of: list, from: &next)
            }
            guard let pictures else { return false }
            for picture in pictures { try body(picture) }
        }
        return true
    }
}

extension FramePlan {
    /// The frames of the part that a request is about.
    fileprivate func range(_ request: FrameRequest, base: AVRational) -> Range<Int> {
        let first = times.firstIndex { request.contains($0, base: base) } ?? 0
        let count = times[first...].prefix { request.contains($0, base: base) }.count
        return first..<first + count
    }

    /// How far apart two frames are shown.
    fileprivate func seconds(from frame: Int, to other: Int, base: AVRational) -> Double {
        Double(abs(times[frame] - times[other])) * Double(base.num) / Double(max(1, base.den))
    }
}
