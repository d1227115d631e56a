package import Neural

/// A message in Protocol Buffers' wire format, put together field by field.
///
/// A field is a tag, `number << 3 | wire type`, and a value: a varint (0), eight bytes (1), a length and so many bytes
/// (2), or four bytes (5); a varint holds seven bits a byte, the lowest first. Fields go in the order in which they are
/// added; other libraries write them by number. Tensors are referred to, not copied, until the message is written.
package struct ProtobufMessage {
    /// A run of the message's bytes.
    package enum Piece {
        case bytes([UInt8])
        /// The elements as they lie in memory, which is little-endian wherever this runs.
        case tensor(Tensor)
    }

    private var done: [Piece] = []
    private var tail: [UInt8] = []
    /// Bytes so far.
    package private(set) var count = 0

    package init() {}

    /// All bytes so far, in order.
    package var pieces: [Piece] { tail.isEmpty ? done : done + [.bytes(tail)] }

    /// Adds an integer, a truth value or a case of an enumeration.
    package mutating func integer(_ field: Int, _ value: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    /// Adds a `float`.
    package mutating func float(_ field: Int, _ value: Float) {
        tag(field, 5)
        append((0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) })
    }

    /// Adds a `double`.
    package mutating func double(_ field: Int, _ value: Double) {
        tag(field, 1)
        append((0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) })
    }

    /// Adds bytes.
    package mutating func bytes(_ field: Int, _ value: [UInt8]) {
        tag(field, 2)
        varint(UInt64(value.count))
        append(value)
    }

    /// Adds text, in UTF-8.
    package mutating func text(_ field: Int, _ value: String) { bytes(field, Array(value.utf8)) }

    /// Adds a tensor's elements as bytes.
    package mutating func tensor(_ field: Int, _ value: Tensor) {
        tag(field, 2)
        varint(UInt64(value.type.byteCount))
        append(.tensor(value))
    }

    /// Adds a message within this one.
    package mutating func message(_ field: Int, _ value: ProtobufMessage) {
        tag(field, 2)
        varint(UInt64(value.count))
        for piece in value.pieces { append(piece) }
    }

    private mutating func append(_ piece: Piece) {
        switch piece {
        case .bytes(let bytes): append(bytes)
        case .tensor(let tensor):
            done = pieces + [piece]
            tail = []
            count += tensor.type.byteCount
        }
    }

    private mutating func append(_ bytes: [UInt8]) {
        tail += bytes
        count += bytes.count
    }

    private mutating func tag(_ field: Int, _ wireType: Int) { varint(UInt64(field << 3 | wireType)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            append([UInt8(truncatingIfNeeded: rest) | 0x80])
            rest >>= 7
        }
        append([UInt8(rest)])
    }
}
