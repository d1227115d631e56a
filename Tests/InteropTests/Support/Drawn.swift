/// The numbers of `Fixtures/networks.py`: drawn alike on both sides, so that they need not be stored.
enum Drawn {
    static func mix(_ value: UInt32) -> UInt32 {
        var x = value
        x ^= x >> 16
        x = x &* 0x7FEB_352D
        x ^= x >> 15
        x = x &* 0x846C_A68B
        return x ^ x >> 16
    }

    /// Numbers within `scale / 2` of `offset`, other ones for each `salt`.
    static func floats(_ salt: UInt32, count: Int, offset: Float = 0, scale: Float) -> [Float] {
        let inner = mix(salt)
        return (0..<count).map { index in
            offset + scale * (Float(mix(UInt32(truncatingIfNeeded: index) ^ inner) >> 8) * 0x1p-24 - 0.5)
        }
    }

    static func bytes(_ salt: UInt32, count: Int) -> [UInt8] {
        let inner = mix(salt)
        return (0..<count).map { UInt8(mix(UInt32(truncatingIfNeeded: $0) ^ inner) >> 24) }
    }
}
