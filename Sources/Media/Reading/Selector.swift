/// Decides, frame by frame in order, which frames of a sequential decode a request takes.
///
/// A frame is judged when the one after it is known, because until then nobody knows how long it is shown.
struct Selector {
    private enum Rule {
        case every(Int)
        case keyFrames
        /// Ordinals in the range, in order; each may come more than once.
        case ordinals([Int])
        /// Instants in order, with where each was in the request.
        case instants([MediaTime])
        /// Instants `start + n / rate`; the slack allows for timestamps rounded to the container's time base.
        case rate(Double, slack: Double)
    }

    private let rule: Rule
    private let start: MediaTime?
    /// How many frames of the range have been judged.
    private(set) var ordinal = 0
    private var taken = 0
    private var rateOrigin: Double?

    /// - Parameters:
    ///   - ordinals: for `.uniform` and `.random`: which frames of the range, in order.
    ///   - timeUnit: seconds in a unit of the stream's time base.
    init(_ request: FrameRequest, ordinals: [Int], timeUnit: Double) {
        start = request.start
        switch request.sampling {
        case .all: rule = .every(1)
        case .every(let step): rule = .every(max(1, step))
        case .keyFrames: rule = .keyFrames
        case .uniform, .random: rule = .ordinals(ordinals)
        case .times(let times): rule = .instants(times.sorted())
        case .rate(let rate): rule = .rate(rate, slack: min(timeUnit / 2, 0.001))
        }
    }

    /// Whether no later frame can be taken.
    var isDone: Bool {
        switch rule {
        case .ordinals(let list): taken >= list.count
        case .instants(let list): taken >= list.count
        default: false
        }
    }

    /// The earliest of the instants asked for that no frame has answered.
    func firstLeft(of times: [MediaTime]) -> MediaTime? { taken < times.count ? times.sorted()[taken] : nil }

    /// How often to take the frame `header`, which is shown until `end` (nil: for good).
    mutating func take(_ header: FrameHeader, until end: MediaTime?) -> Int {
        let inRange = start.map { header.time >= $0 } ?? true
        defer { if inRange { ordinal += 1 } }
        let place = ordinal
        switch rule {
        case .every(let step): return inRange && place % step == 0 ? 1 : 0
        case .keyFrames: return inRange && header.isKeyFrame ? 1 : 0
        case .ordinals(let list): return inRange ? advance { $0 < list.count && list[$0] <= place } : 0
        case .instants(let list): return advance { next in next < list.count && (end.map { list[next] < $0 } ?? true) }
        case .rate(let rate, let slack):
            let origin = rateOrigin ?? start?.seconds ?? header.time.seconds
            rateOrigin = origin
            guard let end = end?.seconds else { return 0 }
            // Instants before the frame's end. `taken` counts them, so that no rounding error builds up; and they are
            // reckoned, not stepped through, because a broken timestamp may lie centuries ahead.
            let instants = ((end - slack - origin) * rate).rounded(.up)
            let copies = max(0, Int(max(-1e15, min(instants, 1e15))) - taken)
            taken += copies
            return copies
        }
    }

    /// Moves `taken` on while the instant or ordinal with that number belongs to the current frame.
    private mutating func advance(while belongs: (Int) -> Bool) -> Int {
        let before = taken
        while belongs(taken) { taken += 1 }
        return taken - before
    }

    /// The centres of `count` equal parts of `total` frames.
    static func uniform(_ count: Int, of total: Int) -> [Int] {
        guard total > 0 else { return [] }
        return (0..<max(0, count)).map { (2 * $0 + 1) * total / (2 * count) }
    }

    /// One frame drawn from each of `count` equal parts of `total` frames.
    static func random(_ count: Int, of total: Int, seed: UInt64) -> [Int] {
        guard total > 0 else { return [] }
        var random = SplitMix(seed: seed)
        return (0..<max(0, count)).map { part in
            let first = part * total / count
            let end = max(first + 1, (part + 1) * total / count)
            return min(first + random.below(end - first), total - 1)
        }
    }
}
