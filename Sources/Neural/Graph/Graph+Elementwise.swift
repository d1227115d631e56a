extension Graph {
    /// `function` of each element of `x`, which must be `float32`: a backend refuses anything else.
    public mutating func unary(_ function: Unary, _ x: Value) -> Value {
        append(.unary(function), [x], TensorType(shape(x)))
    }

    /// `max(x, 0)`
    public mutating func relu(_ x: Value) -> Value { unary(.relu, x) }
    /// `1 / (1 + exp(-x))`
    public mutating func sigmoid(_ x: Value) -> Value { unary(.sigmoid, x) }
    /// Hyperbolic tangent.
    public mutating func tanh(_ x: Value) -> Value { unary(.tanh, x) }
    /// `scale * x + shift`
    public mutating func linear(_ x: Value, scale: Float, shift: Float = 0) -> Value {
        unary(.linear(scale: scale, shift: shift), x)
    }

    /// `a + b`, broadcast as in NumPy.
    /// - Throws: `NeuralError.shape` if the shapes do not broadcast.
    public mutating func add(_ a: Value, _ b: Value) throws -> Value { try binary(.add, a, b) }
    /// `a - b`, broadcast as in NumPy.
    /// - Throws: `NeuralError.shape` if the shapes do not broadcast.
    public mutating func subtract(_ a: Value, _ b: Value) throws -> Value { try binary(.subtract, a, b) }
    /// `a * b`, broadcast as in NumPy.
    /// - Throws: `NeuralError.shape` if the shapes do not broadcast.
    public mutating func multiply(_ a: Value, _ b: Value) throws -> Value { try binary(.multiply, a, b) }

    /// `function` of each pair of elements, broadcast as in NumPy.
    /// - Throws: `NeuralError.shape` if the shapes do not broadcast.
    public mutating func binary(_ function: Binary, _ a: Value, _ b: Value) throws -> Value {
        try requireFloats([a, b], "\(function)")
        let (left, right) = (shape(a).dimensions, shape(b).dimensions)
        let rank = max(left.count, right.count)
        var result = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            let l = axis + left.count >= rank ? left[axis + left.count - rank] : 1
            let r = axis + right.count >= rank ? right[axis + right.count - rank] : 1
            try require(l == r || l == 1 || r == 1, "\(shape(a)) and \(shape(b)) do not broadcast")
            result[axis] = max(l, r)
        }
        return try appendChecked(.binary(function), [a, b], [TensorType(Shape(result))])[0]
    }

    /// Sets each element to zero with probability `rate` and scales the others by `1 / (1 - rate)`.
    ///
    /// - Parameters:
    ///   - seed: int32 `[2]`: the high and low half of a number that changes at every step.
    ///   - stream: tells apart the dropouts of one network, which share the seed.
    /// - Throws: `NeuralError.shape` if the rate is not in 0 ..< 1 or the seed has another type.
    public mutating func dropout(_ x: Value, rate: Float, seed: Value, stream: Int) throws -> Value {
        try require(rate >= 0 && rate < 1, "a dropout rate lies in 0 ..< 1, not \(rate)")
        try requireFloats([x], "dropout")
        try require(type(seed) == TensorType([2], .int32), "dropout's seed is int32[2], not \(type(seed))")
        guard rate > 0 else { return x }
        let mask = append(.dropoutMask(rate: rate, stream: stream), [seed], TensorType(shape(x)))
        return try multiply(x, mask)
    }
}
