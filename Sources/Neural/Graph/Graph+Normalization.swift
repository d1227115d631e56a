extension Graph {
    /// Batch normalisation in training (Ioffe & Szegedy 2015): each channel of `x [..., channel]` is brought to mean 0
    /// and variance 1 over all other axes, then scaled and shifted.
    ///
    /// - Returns: the result, and the statistics: `mean` and `variance` (divided by the count) of `[channel]`.
    /// - Throws: `NeuralError.shape` if `scale` or `shift` is not `[channel]`.
    public mutating func batchNormalization(
        _ x: Value, scale: Value, shift: Value, epsilon: Float = 1e-5
    ) throws -> (y: Value, mean: Value, variance: Value) {
        let statistic = try channelVector(x, [scale, shift])
        let outputs = append(
            .batchNormalization(epsilon: epsilon), [x, scale, shift], [TensorType(shape(x)), statistic, statistic])
        return (outputs[0], outputs[1], outputs[2])
    }

    /// Batch normalisation with given statistics of `[channel]`: `(x - mean) / sqrt(variance + epsilon) * scale + shift`.
    /// - Throws: `NeuralError.shape` if one of them is not `[channel]`.
    public mutating func batchNormalization(
        _ x: Value, scale: Value, shift: Value, mean: Value, variance: Value, epsilon: Float = 1e-5
    ) throws -> Value {
        _ = try channelVector(x, [scale, shift, mean, variance])
        return append(
            .batchNormalizationInference(epsilon: epsilon), [x, scale, shift, mean, variance], TensorType(shape(x)))
    }

    /// Layer normalisation (Ba et al. 2016) of `x [..., feature]` over its last axis, then scaled and shifted.
    /// - Throws: `NeuralError.shape` if `scale` or `shift` is not `[feature]`.
    public mutating func layerNormalization(
        _ x: Value, scale: Value, shift: Value, epsilon: Float = 1e-5
    ) throws -> Value {
        _ = try channelVector(x, [scale, shift])
        let statistic = TensorType(Shape(Array(shape(x).dimensions.dropLast())))
        return append(
            .layerNormalization(epsilon: epsilon), [x, scale, shift], [TensorType(shape(x)), statistic, statistic])[0]
    }

    private func channelVector(_ x: Value, _ vectors: [Value]) throws -> TensorType {
        let channels = shape(x).dimensions.last ?? 0
        try requireFloats([x] + vectors, "a normalisation")
        for vector in vectors {
            try require(
                shape(x).rank >= 2 && shape(vector) == [channels],
                "normalising \(shape(x)) takes vectors of \(channels), not \(shape(vector))")
        }
        return TensorType([channels])
    }
}
