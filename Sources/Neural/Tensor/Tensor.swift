/// A block of numbers with a shape, in memory, in row-major order: what goes into a plan and what comes out.
///
/// A value: copies share storage until one is written.
public struct Tensor: Sendable, Equatable {
    /// The numbers, by element type.
    public enum Storage: Sendable, Equatable {
        case float32([Float])
        case uint8([UInt8])
        case int32([Int32])

        /// How many numbers there are.
        public var count: Int {
            switch self {
            case .float32(let values): values.count
            case .uint8(let values): values.count
            case .int32(let values): values.count
            }
        }
    }

    /// Sizes of the axes.
    public let shape: Shape
    /// The numbers, `shape.elementCount` of them.
    public internal(set) var storage: Storage

    /// A tensor of `storage`, read in row-major order as `shape`.
    /// - Throws: `NeuralError.shape` if the count of numbers is not the shape's.
    public init(_ shape: Shape, _ storage: Storage) throws {
        guard shape.dimensions.allSatisfy({ $0 >= 0 }), storage.count == shape.elementCount else {
            throw NeuralError(.shape, "a tensor of shape \(shape) cannot hold \(storage.count) elements")
        }
        self.shape = shape
        self.storage = storage
    }

    /// A tensor of floats.
    public init(_ shape: Shape, _ values: [Float]) throws { try self.init(shape, .float32(values)) }
    /// A tensor of bytes.
    public init(_ shape: Shape, _ values: [UInt8]) throws { try self.init(shape, .uint8(values)) }
    /// A tensor of 32-bit integers.
    public init(_ shape: Shape, _ values: [Int32]) throws { try self.init(shape, .int32(values)) }

    /// A tensor of `type` filled with zeros.
    public init(zeros type: TensorType) {
        shape = type.shape
        let count = type.shape.elementCount
        storage =
            switch type.elementType {
            case .float32: .float32([Float](repeating: 0, count: count))
            case .uint8: .uint8([UInt8](repeating: 0, count: count))
            case .int32: .int32([Int32](repeating: 0, count: count))
            }
    }

    /// What its elements are.
    public var elementType: ElementType {
        switch storage {
        case .float32: .float32
        case .uint8: .uint8
        case .int32: .int32
        }
    }

    /// Shape and element type.
    public var type: TensorType { TensorType(shape, elementType) }

    /// The elements as floats, converted where they are integers.
    public var floats: [Float] {
        switch storage {
        case .float32(let values): values
        case .uint8(let values): values.map(Float.init)
        case .int32(let values): values.map(Float.init)
        }
    }
}

extension Tensor {
    /// The elements' bytes, for as long as `body` runs.
    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch storage {
        case .float32(let values): try unsafe values.withUnsafeBytes(body)
        case .uint8(let values): try unsafe values.withUnsafeBytes(body)
        case .int32(let values): try unsafe values.withUnsafeBytes(body)
        }
    }

    /// The elements' bytes, to write, for as long as `body` runs. In place where nobody shares the storage.
    package mutating func withUnsafeMutableBytes<R>(_ body: (UnsafeMutableRawBufferPointer) throws -> R) rethrows -> R {
        // The storage is taken out of the enum while it is written, or the write would copy it.
        let taken = storage
        storage = .uint8([])
        switch consume taken {
        case .float32(var values):
            defer { storage = .float32(values) }
            return try unsafe values.withUnsafeMutableBytes(body)
        case .uint8(var values):
            defer { storage = .uint8(values) }
            return try unsafe values.withUnsafeMutableBytes(body)
        case .int32(var values):
            defer { storage = .int32(values) }
            return try unsafe values.withUnsafeMutableBytes(body)
        }
    }
}
