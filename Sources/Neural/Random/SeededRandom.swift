/// A seeded source of random numbers (xoshiro256**, Blackman & Vigna 2018): the same seed gives the same numbers on
/// every machine, and its state can be stored and taken up again.
public struct SeededRandom: RandomNumberGenerator, Sendable, Hashable, Codable {
    private var state: [UInt64]

    /// A generator for `seed`. Seeds that differ in one bit give unrelated numbers (the state is drawn by SplitMix64).
    public init(seed: UInt64) {
        var mixer = SplitMix64(state: seed)
        state = (0..<4).map { _ in mixer.next() }
    }

    /// A generator for `seed` and `name`: each name has a stream of its own.
    public init(seed: UInt64, stream name: String) {
        // FNV-1a: a hash that stays the same from run to run, which Hasher's does not.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixer = SplitMix64(state: seed)
        self.init(seed: mixer.next() ^ hash)
    }

    public init(from decoder: any Decoder) throws {
        let words = try decoder.singleValueContainer().decode([UInt64].self)
        guard words.count == 4, words.contains(where: { $0 != 0 }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a random state is four numbers, not all zero"))
        }
        state = words
    }

    /// Writes the state: the draws that follow are the same after decoding.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(state)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let result = Self.rotate(state[1] &* 5, 7) &* 9
        let shifted = state[1] << 17
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = Self.rotate(state[3], 45)
        return result
    }

    /// A number in 0 ..< 1, one of 2^24 evenly spaced ones.
    public mutating func nextUniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    private static func rotate(_ x: UInt64, _ by: UInt64) -> UInt64 { x << by | x >> (64 - by) }
}

/// A generator with one word of state (Steele, Lea & Flood 2014), here to spread seeds.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
