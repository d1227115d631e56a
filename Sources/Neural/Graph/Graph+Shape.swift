extension Graph {
    /// The same elements in row-major order with another shape, of any element type.
    /// - Throws: `NeuralError.shape` if the counts differ.
    public mutating func reshape(_ x: Value, _ shape: Shape) throws -> Value {
        try require(
            shape.dimensions.allSatisfy { $0 > 0 } && self.shape(x).elementCount == shape.elementCount,
            "cannot reshape \(self.shape(x)) to \(shape)")
        guard self.shape(x) != shape else { return x }
        return append(.reshape, [x], TensorType(shape, type(x).elementType))
    }

    /// Axis `i` of the result is axis `permutation[i]` of `x`.
    /// - Throws: `NeuralError.shape` if `permutation` is not one.
    public mutating func transpose(_ x: Value, _ permutation: [Int]) throws -> Value {
        let input = shape(x)
        try requireFloats([x], "a transposition")
        try require(
            permutation.sorted() == Array(0..<input.rank), "\(permutation) does not permute the axes of \(input)")
        return append(.transpose(permutation: permutation), [x], TensorType(Shape(permutation.map { input[$0] })))
    }

    /// `values` one after the other along `axis`.
    /// - Throws: `NeuralError.shape` if they differ elsewhere than along `axis`, or there are none.
    public mutating func concatenate(_ values: [Value], axis: Int) throws -> Value {
        try require(!values.isEmpty, "there is nothing to concatenate")
        try requireFloats(values, "a concatenation")
        var result = shape(values[0]).dimensions
        try require(result.indices.contains(axis), "\(shape(values[0])) has no axis \(axis)")
        result[axis] = 0
        for value in values {
            var dimensions = shape(value).dimensions
            try require(dimensions.count == result.count, "cannot concatenate \(shape(value)) and \(shape(values[0]))")
            let size = dimensions[axis]
            dimensions[axis] = result[axis]
            try require(dimensions == result, "cannot concatenate \(shape(value)) and \(shape(values[0]))")
            result[axis] += size
        }
        guard values.count > 1 else { return values[0] }
        return try appendChecked(.concatenate(axis: axis), values, [TensorType(Shape(result))])[0]
    }

    /// Elements `range` of `axis`.
    /// - Throws: `NeuralError.shape` if the range is empty or not inside the axis.
    public mutating func slice(_ x: Value, axis: Int, _ range: Range<Int>) throws -> Value {
        var result = shape(x).dimensions
        try requireFloats([x], "a slice")
        try require(
            result.indices.contains(axis) && !range.isEmpty && range.lowerBound >= 0
                && range.upperBound <= result[axis],
            "axis \(axis) of \(shape(x)) has no elements \(range)")
        guard range.count != result[axis] else { return x }
        var starts = [Int](repeating: 0, count: result.count)
        starts[axis] = range.lowerBound
        result[axis] = range.count
        return append(.slice(starts: starts), [x], TensorType(Shape(result)))
    }

    /// `x` repeated along its axes of size 1 to `shape`; missing leading axes count as 1.
    /// - Throws: `NeuralError.shape` if that cannot be.
    public mutating func broadcast(_ x: Value, _ shape: Shape) throws -> Value {
        try requireFloats([x], "a repetition")
        let input = self.shape(x).dimensions
        let offset = shape.rank - input.count
        try require(
            offset >= 0 && input.indices.allSatisfy { input[$0] == 1 || input[$0] == shape[$0 + offset] }
                && shape.dimensions.allSatisfy { $0 > 0 },
            "cannot broadcast \(self.shape(x)) to \(shape)")
        guard self.shape(x) != shape else { return x }
        return try appendChecked(.broadcast, [x], [TensorType(shape)])[0]
    }
}
