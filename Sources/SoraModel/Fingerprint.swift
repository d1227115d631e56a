package import Foundation

/// A number that changes with what is added to it, and is the same on every machine: FNV-1a. It tells what has changed,
/// not what somebody forged.
package struct Fingerprint {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Adds a text, as one of several.
    package mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        add(0xFF as UInt8)
    }

    /// Adds bytes.
    package mutating func add(_ bytes: Data) {
        for byte in bytes { add(byte) }
        add(0xFD as UInt8)
    }

    /// Adds numbers.
    package mutating func add(_ values: [Float]) {
        for value in values { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01B3 }
        add(0xFE as UInt8)
    }

    private mutating func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }

    /// As it is.
    package var number: UInt64 { hash }

    /// In hexadecimal digits.
    package var text: String { String(hash, radix: 16) }
}
