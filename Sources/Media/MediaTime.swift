/// An instant or a length of time in a video, as a rational number of seconds: `value / timescale`.
///
/// Timestamps are never `Double` here: with a variable frame rate a rounded time names the wrong frame.
/// Two times are equal when they are the same instant, whatever their timescales.
public struct MediaTime: Sendable, Encodable {
    /// How many units of `1 / timescale` seconds. May be negative.
    public let value: Int64
    /// Units in a second; always positive.
    public let timescale: Int32

    /// The time `value / timescale` seconds. A timescale below 1 is taken as 1.
    public init(value: Int64, timescale: Int32) {
        self.value = value
        self.timescale = max(1, timescale)
    }

    /// The time nearest to `seconds`, to the microsecond. Not-a-number counts as zero; infinities are clamped.
    public init(seconds: Double) {
        let microseconds = (seconds * 1_000_000).rounded()
        let limit = 9.0e18
        let clamped = microseconds.isNaN ? 0 : min(max(microseconds, -limit), limit)
        self.init(value: Int64(clamped), timescale: 1_000_000)
    }

    /// The start of the timeline.
    public static let zero = MediaTime(value: 0, timescale: 1)

    /// Seconds, rounded to a `Double`: for people and plots, not for finding a frame.
    public var seconds: Double { Double(value) / Double(timescale) }
}

extension MediaTime: Comparable, Hashable {
    public static func == (a: MediaTime, b: MediaTime) -> Bool { a.crossProduct(b) == b.crossProduct(a) }
    public static func < (a: MediaTime, b: MediaTime) -> Bool { a.crossProduct(b) < b.crossProduct(a) }

    public func hash(into hasher: inout Hasher) {
        let reduced = reduced
        hasher.combine(reduced.value)
        hasher.combine(reduced.timescale)
    }

    /// `value * other.timescale` without overflow: the two sides of a comparison of fractions.
    private func crossProduct(_ other: MediaTime) -> Int128 { Int128(value) * Int128(other.timescale) }

    /// The same time in lowest terms.
    public var reduced: MediaTime {
        var a = value.magnitude
        var b = UInt64(timescale)
        while b != 0 { (a, b) = (b, a % b) }
        guard a > 1 else { return self }
        return MediaTime(value: value / Int64(a), timescale: timescale / Int32(a))
    }
}

extension MediaTime: Decodable {
    private enum CodingKeys: CodingKey { case value, timescale }

    /// Reads `{"value": 3003, "timescale": 90000}`.
    ///
    /// - Throws: `DecodingError` where the timescale is not positive.
    public init(from decoder: any Swift.Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let timescale = try container.decode(Int32.self, forKey: .timescale)
        guard timescale > 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .timescale, in: container, debugDescription: "a timescale of \(timescale) is not positive")
        }
        self.init(value: try container.decode(Int64.self, forKey: .value), timescale: timescale)
    }
}

extension MediaTime: CustomStringConvertible {
    /// `value/timescale`, as in `3003/90000`.
    public var description: String { "\(value)/\(timescale)" }
}
