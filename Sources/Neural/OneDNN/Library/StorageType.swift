internal import COneDNN

/// What a kernel reads or writes for each number. Values of a graph are floats however a plan stores them.
enum StorageType: Int32 {
    case float32 = 0
    case uint8 = 1
    case int32 = 2
    /// The upper half of a float: its range, and 8 bits of precision.
    case bfloat16 = 3
    case int8 = 4

    /// The bits of the bfloat16 nearest to `number`; of two as near, the one whose last bit is 0.
    static func bfloat16(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        guard !number.isNaN else { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }

    init(_ type: ElementType) {
        self =
            switch type {
            case .float32: .float32
            case .uint8: .uint8
            case .int32: .int32
            }
    }
}
