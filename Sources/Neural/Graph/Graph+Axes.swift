extension Graph {
    /// Matrix product of `a [..., m, k]` and `b [..., k, n]`, with the same leading axes (or none in `b`).
    ///
    /// - Parameters:
    ///   - bias: `[n]`, added to each row.
    ///   - transposeA: `a` is `[..., k, m]`.
    ///   - transposeB: `b` is `[..., n, k]`.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func matmul(
        _ a: Value, _ b: Value, bias: Value? = nil, transposeA: Bool = false, transposeB: Bool = false
    ) throws -> Value {
        let (left, right) = (shape(a), shape(b))
        try requireFloats([a, b] + (bias.map { [$0] } ?? []), "a matrix product")
        try require(left.rank >= 2 && right.rank == left.rank, "cannot multiply \(left) by \(right)")
        let batch = Array(left.dimensions.dropLast(2))
        try require(batch == Array(right.dimensions.dropLast(2)), "cannot multiply \(left) by \(right)")
        let (m, k) =
            transposeA ? (left[left.rank - 1], left[left.rank - 2]) : (left[left.rank - 2], left[left.rank - 1])
        let (k2, n) =
            transposeB ? (right[right.rank - 1], right[right.rank - 2]) : (right[right.rank - 2], right[right.rank - 1])
        try require(k == k2, "cannot multiply \(left) by \(right): \(k) is not \(k2)")
        try bias.map { try require(shape($0) == [n], "a bias of \(n) is needed, not \(shape($0))") }
        return try appendChecked(
            .matmul(transposeA: transposeA, transposeB: transposeB), [a, b] + (bias.map { [$0] } ?? []),
            [TensorType(Shape(batch + [m, n]))])[0]
    }

    /// Dense layer: `x [..., in]` times the transpose of `weight [out, in]`, plus `bias [out]`.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func dense(_ x: Value, weight: Value, bias: Value? = nil) throws -> Value {
        let input = shape(x)
        try require(input.rank >= 1 && shape(weight).rank == 2, "a dense layer takes [..., in] and [out, in]")
        let size = input[input.rank - 1]
        let rows = try reshape(x, [input.elementCount / max(size, 1), size])
        let y = try matmul(rows, weight, bias: bias, transposeB: true)
        return try reshape(y, Shape(input.dimensions.dropLast() + [shape(weight)[0]]))
    }

    /// Sum, mean or maximum along `axes`.
    /// - Parameter keepsAxes: the reduced axes stay, with size 1.
    /// - Throws: `NeuralError.shape` if an axis is not there or is named twice.
    public mutating func reduce(
        _ reduction: Reduction, _ x: Value, axes: [Int], keepsAxes: Bool = false
    ) throws -> Value {
        let input = shape(x)
        try requireFloats([x], "a reduction")
        try require(
            axes.allSatisfy { (0..<input.rank).contains($0) } && Set(axes).count == axes.count,
            "\(input) has no axes \(axes) to reduce")
        var result: [Int] = []
        for axis in 0..<input.rank {
            if !axes.contains(axis) { result.append(input[axis]) } else if keepsAxes { result.append(1) }
        }
        return append(.reduce(reduction, axes: axes.sorted(), keepsAxes: keepsAxes), [x], TensorType(Shape(result)))
    }

    /// Softmax over the last axis: `exp(x) / sum(exp(x))`.
    public mutating func softmax(_ x: Value) -> Value { append(.softmax(logarithm: false), [x], TensorType(shape(x))) }
    /// The logarithm of the softmax over the last axis.
    public mutating func logSoftmax(_ x: Value) -> Value {
        append(.softmax(logarithm: true), [x], TensorType(shape(x)))
    }

    /// `x` scaled to length 1 along its last axis; `epsilon` keeps a zero vector finite.
    public mutating func normalizeLength(_ x: Value, epsilon: Float = 1e-12) throws -> Value {
        let squares = try reduce(.sum, unary(.square, x), axes: [shape(x).rank - 1], keepsAxes: true)
        return try multiply(x, unary(.reciprocalSquareRoot, linear(squares, scale: 1, shift: epsilon)))
    }
}
