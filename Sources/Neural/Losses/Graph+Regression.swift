extension Graph {
    /// Mean squared error, `mean((x - target)²)`: PyTorch's `mse_loss`.
    ///
    /// - Parameters:
    ///   - x: `[batch, …]`
    ///   - target: of the same shape.
    ///   - sampleWeight: `[batch]`; the mean over samples is weighted with it.
    /// - Returns: one number, of shape `[]`.
    /// - Throws: `NeuralError.shape` if the shapes differ.
    public mutating func meanSquaredError(_ x: Value, target: Value, sampleWeight: Value? = nil) throws -> Value {
        try elementMean(unary(.square, try difference(x, target)), sampleWeight: sampleWeight)
    }

    /// Mean absolute error, `mean(|x - target|)`: PyTorch's `l1_loss`. Its gradient is 0 where the two are equal.
    ///
    /// - Parameters:
    ///   - x: `[batch, …]`
    ///   - target: of the same shape.
    ///   - sampleWeight: `[batch]`; the mean over samples is weighted with it.
    /// - Returns: one number, of shape `[]`.
    /// - Throws: `NeuralError.shape` if the shapes differ.
    public mutating func meanAbsoluteError(_ x: Value, target: Value, sampleWeight: Value? = nil) throws -> Value {
        try elementMean(unary(.absolute, try difference(x, target)), sampleWeight: sampleWeight)
    }

    private mutating func difference(_ x: Value, _ target: Value) throws -> Value {
        try require(shape(x) == shape(target), "a target of \(shape(x)) is needed, not \(shape(target))")
        return try subtract(x, target)
    }
}
