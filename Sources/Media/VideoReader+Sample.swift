internal import CFFmpeg

extension VideoReader {
    /// Bytes of samples that may wait until the count of frames that they were chosen by is confirmed.
    static let waitingBytes = 256 << 20

    /// `.uniform` and `.random` on a short video: one decode where the container's count of frames is right.
    ///
    /// The frames are chosen by that count, and held back until the end of the decode confirms it. Where it does not,
    /// they are chosen again by the true one.
    func sample(_ request: FrameRequest, _ fitter: Fitter, _ body: (Frame) throws -> Bool) throws -> Int {
        let wanted = request.sampling.count
        if let guess = try guessTotal(request), guess > 0, wanted <= Self.waitingBytes / max(1, fitter.bytesPerPicture)
        {
            let lane = FittingLane(fitter, path: path)
            let ordinals = request.sampling.ordinals(of: guess)
            let decoded = Result {
                try stream(request, ordinals: ordinals, toEnd: true) { header, picture, copies in
                    if copies > 0 { try lane.append(header, picture, copies: copies) }
                    return true
                }
            }
            // The fitter is the lane's until it is done, whatever became of the decoding.
            let fitted = Result { try lane.finish() }
            let (damaged, total) = try decoded.get()
            if damaged == 0, request.start == nil, request.end == nil {
                info.frameCount = total
                info.frameCountIsExact = true
            }
            if total == guess {
                for picture in try fitted.get() {
                    guard try emit(picture.header, picture.bytes, picture.copies, fitter.layout, body) else { break }
                }
            } else {
                _ = try stream(request, ordinals: request.sampling.ordinals(of: total), fitter, body)
            }
            return damaged
        }
        // The second pass ends with the last frame that is taken: only the first has seen all the damage.
        let (damaged, total) = try stream(request, ordinals: [], toEnd: true, fitter) { _ in true }
        _ = try stream(request, ordinals: request.sampling.ordinals(of: total), fitter, body)
        return damaged
    }

    /// `.uniform`, `.random` and `.times` on a long video: from key frame to key frame.
    ///
    /// - Returns: how many frames are known to be damaged; nil, with nothing handed over, where all must be decoded.
    func visit(_ request: FrameRequest, _ fitter: Fitter, _ body: (Frame) throws -> Bool) throws -> Int? {
        if request.damage == .hold { return try visitHolding(request, fitter, body) }
        try requireWhole(request)
        var isExact = try frameTable().isExact
        var indices = try indices(request, in: frameTable())
        var place = 0
        while place < indices.count {
            let moved = Result { try move(to: indices[place]) }
            if !isExact, let table, table.isExact {
                // The predicted table proved wrong: what is still to come is chosen again by the exact one.
                isExact = true
                indices = try self.indices(request, in: table)
                try requireWhole(request)
                continue
            }
            let header = try moved.get()
            let copies = max(1, indices[place...].prefix { $0 == header.index }.count)
            place += copies
            guard try emit(header, source.picture, copies, fitter, body) else { break }
        }
        return table?.damagedCount(in: request, base: source.timeBase) ?? 0
    }

    /// The same under `.hold`. A lost frame's stand-in is found by decoding what lies before it, so with the first sign
    /// that the file is not whole nothing is handed over, and all is decoded.
    private func visitHolding(
        _ request: FrameRequest, _ fitter: Fitter, _ body: (Frame) throws -> Bool
    ) throws -> Int? {
        guard let table = try wholeTable() else { return nil }
        let indices = try indices(request, in: table)
        guard indices.count <= Self.waitingBytes / max(1, fitter.bytesPerPicture) else { return nil }
        var waiting: [Frame] = []
        var place = 0
        while place < indices.count {
            guard let header = try reach(indices[place], table) else { return nil }
            let copies = max(1, indices[place...].prefix { $0 == header.index }.count)
            place += copies
            _ = try emit(header, source.picture, copies, fitter) { frame in
                waiting.append(frame)
                return true
            }
        }
        for frame in waiting { guard try body(frame) else { break } }
        return table.damagedCount(in: request, base: source.timeBase)
    }

    /// Under `.raise`, refuses a part that is known not to be whole.
    private func requireWhole(_ request: FrameRequest) throws {
        guard request.damage == .raise else { return }
        let table = try frameTable()
        let count = table.damagedCount(in: request, base: source.timeBase)
        guard count > 0 else { return }
        if let ending = table.ending, ending.missingCount(in: request, base: source.timeBase) > 0 {
            throw MediaError.cutShort(path, missing: count, cause: ending.cause)
        }
        throw MediaError(
            .damaged, path: path, "\(count) of its frames are damaged",
            remedy: "Copy or download the file again, or allow damaged frames with the policy skip or hold.",
            cause: source.lastFailure)
    }

    /// Which frames a request means, by a table of them. Under `.skip` damaged frames do not count.
    private func indices(_ request: FrameRequest, in table: FrameTable) throws -> [Int] {
        let skips = request.damage == .skip
        if case .times(let times) = request.sampling {
            return try times.sorted().compactMap { time in
                let shown = try index(at: time, in: table)
                return skips ? (0...shown).last { !table.isDamaged($0) } : shown
            }
        }
        let inRange = table.times.indices.filter { index in
            request.contains(table.times[index], base: source.timeBase) && !(skips && table.isDamaged(index))
        }
        return request.sampling.ordinals(of: inRange.count).map { inRange[$0] }
    }

    /// How many frames the range should have, at little cost; nil where only decoding tells.
    private func guessTotal(_ request: FrameRequest) throws -> Int? {
        let isWhole = request.start == nil && request.end == nil
        if isWhole, info.frameCountIsExact { return info.frameCount }
        // A container with a table of samples counts them; edit lists that hide some are found out at the end.
        if isWhole, let samples = unsafe source.demuxer.stream(info.videoStream)?.pointee.nb_frames, samples > 0 {
            return samples <= 1 << 32 ? Int(samples) : nil
        }
        guard let table = try table ?? scannedTable() else { return nil }
        return table.times.count { request.contains($0, base: source.timeBase) }
    }
}

extension FrameRequest {
    /// Whether the part to read holds a frame with this timestamp.
    func contains(_ timestamp: Int64, base: AVRational) -> Bool {
        if start == nil, end == nil { return true }
        let time = MediaTime(timestamp, base: base) ?? .zero
        return start.map { time >= $0 } ?? true && end.map { time < $0 } ?? true
    }
}

extension FrameRequest.Sampling {
    /// How many frames `.uniform` and `.random` ask for; 0 for the others.
    var count: Int {
        switch self {
        case .uniform(let count), .random(let count, _): count
        default: 0
        }
    }

    /// Which of `total` frames `.uniform`, `.random` and `.every` take; none for the others.
    func ordinals(of total: Int) -> [Int] {
        switch self {
        case .uniform(let count): Selector.uniform(count, of: total)
        case .random(let count, let seed): Selector.random(count, of: total, seed: seed)
        case .every(let step): Array(stride(from: 0, to: total, by: max(1, step)))
        default: []
        }
    }
}
