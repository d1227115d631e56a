/// The sizes of a tensor's axes, outermost first. A scalar has none.
public struct Shape: Hashable, Sendable, Codable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Size of each axis.
    public var dimensions: [Int]

    public init(_ dimensions: [Int]) { self.dimensions = dimensions }
    public init(arrayLiteral elements: Int...) { dimensions = elements }

    /// How many axes there are.
    public var rank: Int { dimensions.count }
    /// How many elements a tensor of this shape holds: the product of the dimensions, 1 for a scalar. `Int.max` where
    /// the product is larger, which no tensor has: shapes come from files.
    public var elementCount: Int {
        if dimensions.contains(0) { return 0 }
        var product = 1
        for dimension in dimensions {
            let (next, overflows) = product.multipliedReportingOverflow(by: dimension)
            if overflows { return .max }
            product = next
        }
        return product
    }

    /// Elements that a tensor of a graph has at most, 16 TiB of floats: all sizes in bytes of a whole plan fit an `Int`.
    package static let largestCount = 1 << 42
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// Distance in elements between neighbours along each axis, in the plain row-major layout.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] &* dimensions[axis + 1]
        }
        return strides
    }

    /// `[2, 3, 4]`; of a shape with many axes, which only a broken file has, the first eight.
    public var description: String {
        let shown = dimensions.prefix(8).map(String.init).joined(separator: ", ")
        return rank <= 8 ? "[\(shown)]" : "[\(shown), … \(rank) axes]"
    }
}

/// What an element of a tensor is.
public enum ElementType: String, Sendable, Hashable, Codable {
    case float32, uint8, int32

    /// Bytes an element takes.
    public var size: Int { self == .uint8 ? 1 : 4 }
}

/// The shape and the element type of a value.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    /// Sizes of the axes.
    public var shape: Shape
    /// Type of the elements.
    public var elementType: ElementType

    public init(_ shape: Shape, _ elementType: ElementType = .float32) {
        self.shape = shape
        self.elementType = elementType
    }

    /// Bytes a tensor of this type takes, in the plain layout.
    public var byteCount: Int {
        let (bytes, overflows) = shape.elementCount.multipliedReportingOverflow(by: elementType.size)
        return overflows ? .max : bytes
    }
    public var description: String { "\(elementType.rawValue)\(shape)" }
}
