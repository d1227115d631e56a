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
        guard allowsSkipping, request.damage == .hold || request.accuracy == .fast,
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
        let taken = request.accuracy == .fast ? plan.cheapest(for: exact, in: range) : exact
        let (runs, needed) = plan.runs(to: Set(taken).sorted())
        guard needed.count(where: { $0 }) < needed.count - needed.count / 20 else { return nil }
        var waiting: [Frame] = []
        let crops = fitter.layout.windows.count
        let isDone = try decode(runs, needed, plan, list) { header in
            let place = waiting.count / crops
            guard place < taken.count else { return }
            let copies = taken[place...].prefix { $0 == header.index }.count
            _ = try emit(header, source.picture, copies, fitter) { frame in
                var frame = frame
                let sample = waiting.count / crops
                frame.distance = plan.seconds(from: taken[sample], to: exact[sample], base: source.timeBase)
                waiting.append(frame)
                return true
            }
        }
        guard isDone, waiting.count == taken.count * crops else { return nil }
        if info.frameCount == nil { info.frameCount = plan.times.count }
        skippedPackets = needed.count { !$0 }
        for frame in waiting { guard try body(frame) else { break } }
        return 0
    }

    /// Decodes runs of packets, and hands each frame's header to `body` while it is the source's picture.
    ///
    /// - Returns: whether exactly the frames came that the plan has, none of them damaged.
    private func decode(
        _ runs: [FramePlan.Run], _ needed: [Bool], _ plan: FramePlan, _ list: PacketList,
        _ body: (FrameHeader) throws -> Void
    ) throws -> Bool {
        if !list.isKept { try rewind() }
        try markTouched()
        var next = 0
        for run in runs {
            var expected = plan.frames(of: run, needed: needed)[...]
            /// Takes what the decoder has ready; false where it is not what the plan has.
            func take(_ isAtEnd: Bool) throws -> Bool {
                while true {
                    switch source.receive(after: run.firstTime) {
                    case .frame(var header):
                        guard let frame = expected.popFirst(), plan.times[frame] == header.timestamp,
                            !header.isDamaged
                        else { return false }
                        header.index = frame
                        try body(header)
                    case .none: return !isAtEnd || expected.isEmpty
                    case .failed: return false
                    }
                }
            }
            for number in run.packets where needed[number] {
                guard let packet = try source.packet(number, of: list, from: &next), source.send(packet),
                    try take(false)
                else { return false }
            }
            guard source.send(nil), try take(true) else { return false }
            source.decoder.flush()
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
