/// The elements of a value in row-major order, as doubles whatever the value's element type.
package struct ReferenceTensor: Sendable {
    package var shape: Shape
    package var values: [Double]

    package init(_ shape: Shape, _ values: [Double]) {
        self.shape = shape
        self.values = values
    }

    /// A tensor filled with one number.
    package init(_ shape: Shape, repeating value: Double = 0) {
        self.init(shape, [Double](repeating: value, count: shape.elementCount))
    }

    package init(_ tensor: Tensor) {
        shape = tensor.shape
        values =
            switch tensor.storage {
            case .float32(let elements): elements.map(Double.init)
            case .uint8(let elements): elements.map(Double.init)
            case .int32(let elements): elements.map(Double.init)
            }
    }

    /// The elements rounded to `type`; integers are clamped to their range.
    package func rounded(to type: ElementType) throws -> Tensor {
        switch type {
        case .float32: try Tensor(shape, values.map { Float($0) })
        case .uint8: try Tensor(shape, values.map { UInt8(Self.clamped($0, 0, 255)) })
        case .int32: try Tensor(shape, values.map { Int32(Self.clamped($0, -2_147_483_648, 2_147_483_647)) })
        }
    }

    private static func clamped(_ value: Double, _ low: Double, _ high: Double) -> Double {
        value.isNaN ? 0 : min(max(value.rounded(), low), high)
    }
}

extension Shape {
    /// For each element of `target`, in row-major order, which element of this shape lands there when it is
    /// broadcast: axes align at the last one, and an axis of size 1 is repeated.
    func broadcastOffsets(to target: Shape) -> [Int] {
        let missing = target.rank - rank
        let own = strides
        let steps = (0..<target.rank).map { $0 < missing || self[$0 - missing] == 1 ? 0 : own[$0 - missing] }
        return target.offsets(steps: steps)
    }

    /// `start + Σ index[axis] * steps[axis]` for every index of this shape, in row-major order.
    func offsets(steps: [Int], start: Int = 0) -> [Int] {
        var offsets = [start]
        for axis in 0..<rank {
            offsets = offsets.flatMap { base in (0..<self[axis]).map { base + $0 * steps[axis] } }
        }
        return offsets
    }
}
