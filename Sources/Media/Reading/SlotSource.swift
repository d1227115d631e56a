internal import CFFmpeg

/// A sequential decode as a damage policy shows it: frames that are good, or stand in for those that are not.
final class SlotSource {
    private let source: FrameSource
    private let request: FrameRequest
    private var policy: FrameRequest.DamagePolicy { request.damage }
    /// Picture of the slot that `next` returned last.
    private var current: PictureBuffer
    /// Picture of the slot before that.
    private var previous: PictureBuffer
    /// The slot after, where one was decoded already.
    private var ahead: FrameHeader?
    /// Times of lost frames, in order, that belong before `ahead` and are to be filled (`.hold`).
    private var gaps: [Int64] = []
    private var hasGood = false
    private var isOver = false
    /// Damaged and lost frames of the part asked for, as far as their times are known.
    private var damaged = 0

    /// - Parameters:
    ///   - request: the damage policy, and the part whose damage counts.
    ///   - primed: the header of the frame that `source` holds already, which then comes first.
    init(source: FrameSource, request: FrameRequest, primed: FrameHeader? = nil) throws(MediaError) {
        self.source = source
        self.request = request
        current = try PictureBuffer(path: source.demuxer.path)
        previous = try PictureBuffer(path: source.demuxer.path)
        ahead = primed
        if let primed { try note(primed, lost: []) }
    }

    /// Frames of the part asked for, as far as it was decoded, that are damaged, lost, or missing from the file.
    var damagedCount: Int {
        let missing = isOver ? source.ending?.missingCount(in: request, base: source.timeBase) ?? 0 : 0
        return damaged + (source.hasUntimedPackets ? source.lostFrames : 0) + missing
    }

    /// Where the last frame decoded ends.
    var endTime: MediaTime { source.endTime }

    /// The picture of the slot that `next` returned last, or of the one before.
    func picture(_ which: Which) -> PictureBuffer { which == .current ? current : previous }

    enum Which { case current, previous }

    /// The next slot, in the order of time; nil at the end.
    ///
    /// - Throws: `MediaError` `.damaged` under `.raise`.
    func next() throws(MediaError) -> FrameHeader? {
        while true {
            if ahead == nil, gaps.isEmpty, !isOver {
                ahead = try source.advance()
                isOver = ahead == nil
                if policy == .hold, hasGood { gaps = source.lost }
                try note(ahead, lost: source.lost)
            }
            if !gaps.isEmpty {
                repeatCurrent()
                let time = gaps.removeFirst()
                return FrameHeader(
                    index: -1, time: MediaTime(time, base: source.timeBase) ?? .zero, isKeyFrame: false,
                    isDamaged: true, timestamp: time, duration: 0)
            }
            guard let header = ahead else { return nil }
            ahead = nil
            if header.isDamaged {
                guard policy == .hold, hasGood else { continue }
                repeatCurrent()
            } else {
                swap(&current, &previous)
                current.take(from: source.picture)
                hasGood = true
            }
            return header
        }
    }

    /// Counts what is damaged in the part asked for. Under `.raise`, that is an error.
    private func note(_ header: FrameHeader?, lost: [Int64]) throws(MediaError) {
        damaged += lost.count { request.contains($0, base: source.timeBase) }
        if let header, header.isDamaged, request.contains(header.timestamp, base: source.timeBase) { damaged += 1 }
        guard policy == .raise, damagedCount > 0 else { return }
        if header == nil, let ending = source.ending,
            ending.missingCount(in: request, base: source.timeBase) > 0
        {
            throw .cutShort(source.demuxer.path, missing: damagedCount, cause: ending.cause)
        }
        let place = header.map { "frame \($0.index)" } ?? "the last frames"
        throw MediaError(
            .damaged, path: source.demuxer.path, "\(place) (or one just before) did not decode",
            remedy: "Copy or download the file again, or allow damaged frames with the policy skip or hold.",
            cause: source.lastFailure)
    }

    /// Makes the last good picture the current one again.
    private func repeatCurrent() { _ = previous.share(current) }
}

extension MediaError {
    /// The file ends before its video does.
    static func cutShort(_ path: String, missing: Int, cause: String?) -> MediaError {
        MediaError(
            .damaged, path: path, "the file is cut short: at least \(missing) of its frames are not there",
            remedy: "Copy or download the file again, or allow damaged frames with the policy skip or hold.",
            cause: cause)
    }
}
