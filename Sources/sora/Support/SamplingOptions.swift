import ArgumentParser
import Media

/// Which frames of a video: at most one way of sampling, and a range.
struct SamplingOptions: ParsableArguments {
    @Option(help: "This many frames, spread evenly.")
    var count: Int?

    @Option(help: "This many frames per second.")
    var rate: Double?

    @Option(help: "Every k-th frame.")
    var every: Int?

    @Option(
        help: "The frames shown at these times, in seconds from the first frame, the earliest first: 0.5,2,7.25",
        transform: Self.times)
    var times: [Double]?

    @Option(help: "This many frames, drawn at random from equal parts of the range (see --seed).")
    var random: Int?

    @Option(help: "Seed of --random.")
    var seed: UInt64 = 0

    @Flag(help: "Key frames only.")
    var keyFrames = false

    @Flag(help: "Every frame.")
    var all = false

    @Option(help: "Start of the part to use, in seconds from the first frame.")
    var start: Double?

    @Option(help: "End of the part to use, in seconds from the first frame.")
    var end: Double?

    var startTime: MediaTime? { start.map { MediaTime(seconds: $0) } }
    var endTime: MediaTime? { end.map { MediaTime(seconds: $0) } }

    /// Whether only a part of the video is asked for.
    var hasRange: Bool { start != nil || end != nil }

    private var ways: [Bool] {
        [count != nil, rate != nil, every != nil, times != nil, random != nil, keyFrames, all]
    }

    /// Whether a way of sampling was asked for.
    var isGiven: Bool { ways.contains(true) }

    /// Whether other frames than these may be taken where they decode faster.
    var allowsFast: Bool { rate == nil && times == nil && !keyFrames && !all }

    func validate() throws {
        guard ways.filter({ $0 }).count <= 1 else {
            throw ValidationError("give one of --count, --rate, --every, --times, --random, --key-frames, --all")
        }
        try Bounds.check("--count", count, 1...1_000_000, "frames")
        try Bounds.check("--random", random, 1...1_000_000, "frames")
        try Bounds.check("--every", every, 1...1_000_000_000)
        try Bounds.check("--rate", rate, 0.000_001...1000, "frames per second")
        for time in times ?? [] { try Bounds.check("--times", time, 0...1e9, "seconds") }
        if let times, times.isEmpty { throw ValidationError("--times names no time") }
        try Bounds.check(start: start, end: end)
    }

    /// The way asked for, or `default` if none was.
    func sampling(otherwise default: FrameRequest.Sampling) -> FrameRequest.Sampling {
        if let count { return .uniform(count) }
        if let rate { return .rate(rate) }
        if let every { return .every(every) }
        if let times { return .times(times.map { MediaTime(seconds: $0) }) }
        if let random { return .random(random, seed: seed) }
        if keyFrames { return .keyFrames }
        return all ? .all : `default`
    }

    private static func times(_ text: String) throws -> [Double] {
        try text.split(separator: ",").map { part in
            guard let time = Double(part.trimming(" ")) else {
                throw ValidationError("'\(part)' is not a time in seconds")
            }
            return time
        }
    }
}

extension Substring {
    /// The text without `character` at its ends.
    fileprivate func trimming(_ character: Character) -> Substring {
        var text = self
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return text
    }
}
