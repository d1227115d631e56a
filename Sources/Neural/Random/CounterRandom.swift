/// 32 random bits for element `index` of one draw: a hash of its arguments and of nothing else, so that a mask can be
/// made in any order, on any number of threads, and again on the way back.
///
/// SplitMix64's finaliser (Steele, Lea & Flood 2014) over a counter whose start is itself a hash of `seed` and `stream`.
package func dropoutBits(seed: UInt64, stream: UInt64, index: UInt64) -> UInt32 {
    let key = splitMix64(seed &+ 0x9E37_79B9_7F4A_7C15 &* (stream &+ 1))
    return UInt32(truncatingIfNeeded: splitMix64(key &+ 0x9E37_79B9_7F4A_7C15 &* (index &+ 1)) >> 32)
}

/// SplitMix64's finaliser: a bijection of 64 bits in which each input bit sways each output bit.
package func splitMix64(_ x: UInt64) -> UInt64 {
    var z = x
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

/// What an element of a dropout mask is: 0 with probability `rate`, else `1 / (1 - rate)`.
///
/// The element is dropped if its bits, read as a fraction of 2^32, are below `rate`.
package func dropoutFactor(bits: UInt32, rate: Float) -> Float {
    Double(bits) < Double(rate) * 4_294_967_296 ? 0 : 1 / (1 - rate)
}

/// The 64-bit seed that an int32 pair `[high, low]` stands for.
package func dropoutSeed(high: Int32, low: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: high)) << 32 | UInt64(UInt32(bitPattern: low))
}
