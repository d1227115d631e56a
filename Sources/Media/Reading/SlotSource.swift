internal import CFFmpeg

/// A sequential decode as a damage policy shows it: frames that are good, or stand in for those that are not.
final class SlotSource {
    private let source: FrameSource
    private let policy: FrameRequest.DamagePolicy
    /// Picture of the slot that `next` returned last.
    private var current: PictureBuffer
    /// Picture of the slot before that.
    private var previous: PictureBuffer
    /// The slot after, where one was decoded ahead to fill a gap before it.
    private var ahead: FrameHeader?
    /// Times of packets that have given no frame yet, in order. Kept only to fill gaps (`.hold`).
    private var awaited: [Int64] = []
    private var filled = 0
    private var hasGood = false
    private(set) var damagedFrames = 0

    /// - Parameter primed: the header of the frame that `source` holds already, which then comes first.
    init(source: FrameSource, policy: FrameRequest.DamagePolicy, primed: FrameHeader? = nil) throws(MediaError) {
        ahead = primed
        damagedFrames = primed?.isDamaged == true ? 1 : 0
        self.source = source
        self.policy = policy
        current = try PictureBuffer(path: source.demuxer.path)
        previous = try PictureBuffer(path: source.demuxer.path)
    }

    /// Damaged frames, and frames lost altogether, so far.
    var damagedCount: Int { damagedFrames + source.lostFrames }

    /// Where the last frame decoded ends.
    var endTime: MediaTime { source.endTime }

    /// The picture of the slot that `next` returned last, or of the one before.
    func picture(_ which: Which) -> PictureBuffer { which == .current ? current : previous }

    enum Which { case current, previous }

    /// The next slot; nil at the end.
    ///
    /// - Throws: `MediaError` `.damaged` under `.raise`.
    func next() throws(MediaError) -> FrameHeader? {
        while true {
            let header: FrameHeader
            if let ready = ahead {
                header = ready
                ahead = nil
            } else {
                guard let decoded = try advance() else { return fillGap(before: nil) }
                header = decoded
                if hasGood, let held = fillGap(before: header) { return held }
            }
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

    private func advance() throws(MediaError) -> FrameHeader? {
        let header = try source.advance(observing: policy == .hold ? { self.await($0) } : nil)
        if header?.isDamaged == true { damagedFrames += 1 }
        if policy == .raise, header?.isDamaged == true || source.lostFrames > 0 && source.failures > 0 {
            let place = header.map { "frame \($0.index)" } ?? "the last frames"
            throw MediaError(
                .damaged, path: source.demuxer.path, "\(place) (or one just before) did not decode",
                remedy: "Copy or download the file again, or allow damaged frames with the policy skip or hold.",
                cause: source.lastFailure)
        }
        return header
    }

    private func await(_ timestamp: Int64) {
        let place = awaited.lastIndex { $0 <= timestamp }.map { $0 + 1 } ?? 0
        awaited.insert(timestamp, at: place)
        if awaited.count > 4096 { awaited.removeFirst() }
    }

    /// The slot of a lost frame that belongs before `header` (before the end, for nil), if one is still to be filled.
    private func fillGap(before header: FrameHeader?) -> FrameHeader? {
        guard policy == .hold else { return nil }
        while let first = awaited.first, header.map({ first <= $0.timestamp }) ?? true {
            awaited.removeFirst()
            if let header, first == header.timestamp { break }
            guard filled < source.failures, hasGood else { continue }
            filled += 1
            ahead = header
            repeatCurrent()
            return FrameHeader(
                index: -1, time: MediaTime(first, base: source.timeBase) ?? .zero, isKeyFrame: false, isDamaged: true,
                timestamp: first, duration: 0)
        }
        return nil
    }

    /// Makes the last good picture the current one again.
    private func repeatCurrent() { _ = previous.share(current) }
}
