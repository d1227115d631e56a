import Foundation

/// A committed file of values from another program; the script that made it lies beside it.
enum FixtureFile {
    static func decode<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let url = Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name)
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}

/// The numbers that `resnet18_gru.py` describes under `formula`: drawn alike on both sides, so that eleven million
/// weights need not be stored.
enum Drawn {
    static func mix(_ value: UInt32) -> UInt32 {
        var x = value
        x ^= x >> 16
        x = x &* 0x7FEB_352D
        x ^= x >> 15
        x = x &* 0x846C_A68B
        return x ^ x >> 16
    }

    static func salted(_ salt: UInt32, _ index: Int) -> UInt32 {
        mix(UInt32(truncatingIfNeeded: index) ^ mix(salt))
    }

    /// Element `index` of tensor `k`, in [-0.5, 0.5).
    static func uniform(_ k: Int, _ index: Int) -> Float {
        Float(salted(UInt32(k + 1), index) >> 8) * 0x1p-24 - 0.5
    }

    static func tensor(_ k: Int, count: Int, offset: Float = 0, scale: Float) -> [Float] {
        let inner = mix(UInt32(k + 1))
        return (0..<count).map { index in
            offset + scale * (Float(mix(UInt32(truncatingIfNeeded: index) ^ inner) >> 8) * 0x1p-24 - 0.5)
        }
    }
}
