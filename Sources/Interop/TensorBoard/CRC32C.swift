/// The checksum of TensorFlow's record files: a cyclic redundancy check with Castagnoli's polynomial (RFC 3720, B.4).
package enum CRC32C {
    /// What each value of the low byte adds, bits reversed.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    /// The checksum of `bytes`.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
    }

    /// The checksum as record files hold it: turned and shifted, since a checksum over bytes that hold one is weak.
    package static func masked(_ bytes: [UInt8]) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
