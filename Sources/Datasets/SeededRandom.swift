/// A random generator that gives the same numbers for the same seed on every machine: xoshiro256\*\*
/// (Blackman & Vigna 2018), its state filled by SplitMix64.
///
/// A seed may be followed by keys (epoch, clip, …): each combination is a stream of its own, so that what is drawn
/// for one clip does not depend on which others were drawn before, and a resumed run draws what the first one would
/// have.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: SIMD4<UInt64>

    /// The stream of `seed` and `keys`.
    public init(seed: UInt64, _ keys: UInt64...) {
        var key = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        for value in keys { key = Self.mix(key ^ Self.mix(value &+ 0xD1B5_4A32_D192_ED03)) }
        state = .zero
        for index in 0..<4 {
            key &+= 0x9E37_79B9_7F4A_7C15
            state[index] = Self.mix(key)
        }
    }

    /// The finaliser of SplitMix64: a bijection in which every input bit moves every output bit.
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
        let result = rotated(state[1] &* 5, 7) &* 9
        let shifted = state[1] << 17
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotated(state[3], 45)
        return result
    }

    /// A number from 0, inclusive, to 1, exclusive, with 53 random bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number from `range`, exclusive of its upper end.
    public mutating func uniform(_ range: Range<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// A whole number from 0 to `bound`, exclusive; 0 where `bound` is below 1.
    ///
    /// By multiplication (Lemire 2019), without rejection: the bias is below `bound / 2^64`.
    public mutating func integer(below bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The values in random order (Fisher & Yates). The standard library's `shuffled` promises no fixed result.
    public mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
        var result = values
        for last in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(last, integer(below: last + 1)) }
        return result
    }
}
