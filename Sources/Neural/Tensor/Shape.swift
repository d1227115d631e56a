/// The sizes of a tensor's axes, outermost first. A scalar has none.
public struct Shape: Hashable, Sendable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Size of each axis.
    public var dimensions: [Int]

    public init(_ dimensions: [Int]) { self.dimensions = dimensions }
    public init(arrayLiteral elements: Int...) { dimensions = elements }

    /// How many axes there are.
    public var rank: Int { dimensions.count }
    /// How many elements a tensor of this shape holds: the product of the dimensions, 1 for a scalar.
    public var elementCount: Int { dimensions.reduce(1, *) }
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// Distance in elements between neighbours along each axis, in the plain row-major layout.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}

/// What an element of a tensor is.
public enum ElementType: String, Sendable, Hashable, Codable {
    case float32, uint8, int32

    /// Bytes an element takes.
    public var size: Int { self == .uint8 ? 1 : 4 }
}

/// The shape and the element type of a value.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    public var shape: Shape
    public var elementType: ElementType

    public init(_ shape: Shape, _ elementType: ElementType = .float32) {
        self.shape = shape
        self.elementType = elementType
    }

    /// Bytes a tensor of this type takes, in the plain layout.
    public var byteCount: Int { shape.elementCount * elementType.size }
    public var description: String { "\(elementType.rawValue)\(shape)" }
}
