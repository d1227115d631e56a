/// The ends of a range in which a figure's true value lies with some confidence: `[lower, upper]` in JSON.
public struct Interval: Sendable, Hashable, Codable {
    /// Lower end.
    public var lower: Double
    /// Upper end.
    public var upper: Double

    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        lower = try container.decode(Double.self)
        upper = try container.decode(Double.self)
    }

    /// As a list of two numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(lower)
        try container.encode(upper)
    }
}
