/// The ticks of one output file: which timescale it has, and which tick each frame falls on.
struct EncodingTimeline {
    /// Ticks per second.
    let timescale: Int32
    /// Whether a time between two ticks is moved to the nearest, or refused.
    private let rounds: Bool
    /// The time that is written as zero.
    private let origin: MediaTime

    /// A timeline on which the first frames fall exactly, where the format leaves the choice.
    ///
    /// The free choice is the least common multiple of the timescales seen and 360000, on which all usual
    /// frame rates fall exactly (24, 25, 30, 50, 60, their 1000/1001 relatives, milliseconds, 90 kHz).
    init(format: EncodingFormat, asked: Int32?, first: [MediaTime], path: String) throws(MediaError) {
        rounds = format.timescale != nil
        if let fixed = format.timescale ?? asked {
            timescale = max(1, fixed)
        } else {
            let seen = first.reduce(into: Int64(1)) { scale, time in
                if scale <= Int64(Int32.max) { scale = Self.leastCommonMultiple(scale, Int64(time.timescale)) }
            }
            guard let exact = Int32(exactly: seen) else {
                throw MediaError(
                    .badRequest, path: path, "its first frames' times \(first) have no common timescale",
                    remedy: "Give the encoder a timescale that divides them, such as 90000.")
            }
            timescale = Int32(exactly: Self.leastCommonMultiple(seen, 360_000)) ?? exact
        }
        origin = format.startsAtZero ? first.first ?? .zero : .zero
        try Self.requireModest(origin, path: path)
    }

    /// The tick of a time, from the origin.
    func tick(of time: MediaTime, path: String) throws(MediaError) -> Int64 {
        try Self.requireModest(time, path: path)
        let numerator =
            Int128(timescale)
            * (Int128(time.value) * Int128(origin.timescale) - Int128(origin.value) * Int128(time.timescale))
        let denominator = Int128(time.timescale) * Int128(origin.timescale)
        guard rounds || numerator % denominator == 0 else {
            throw MediaError(
                .badRequest, path: path, "the time \(time) is not a whole number of 1/\(timescale) s",
                remedy: "Give the encoder a timescale that all the times divide.")
        }
        // Half a tick is rounded up; the numerator is not negative, as times ascend from the origin.
        guard let tick = Int64(exactly: (2 * numerator + denominator) / (2 * denominator)), tick < 1 << 59 else {
            throw MediaError(.badRequest, path: path, "the time \(time) is too large to write")
        }
        return tick
    }

    /// Refuses values whose products would not fit 128 bits; they are millions of years at any usual timescale.
    private static func requireModest(_ time: MediaTime, path: String) throws(MediaError) {
        guard time.value.magnitude < 1 << 59, time.timescale > 0 else {
            throw MediaError(.badRequest, path: path, "the time \(time) is too large to write")
        }
    }

    private static func leastCommonMultiple(_ a: Int64, _ b: Int64) -> Int64 {
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        let (product, overflow) = (a / x).multipliedReportingOverflow(by: b)
        return overflow ? Int64.max : product
    }
}
