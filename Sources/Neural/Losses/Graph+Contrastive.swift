extension Graph {
    /// Symmetric InfoNCE (van den Oord et al. 2018, in the form of Radford et al. 2021): each row of `left` should be
    /// nearer to its own row of `right` than to all others, and the other way round.
    ///
    ///     scores = normalize(left) normalize(right)ᵀ / temperature
    ///     loss = (cross_entropy(scores, 0 ..< batch) + cross_entropy(scoresᵀ, 0 ..< batch)) / 2
    ///
    /// with PyTorch's `normalize` and `cross_entropy`. Each row of `negatives` is one more wrong answer to every row of
    /// both sides, as in MoCo's queue (He et al. 2020). Cost: `batch * (batch + negatives)` scores.
    ///
    /// - Parameters:
    ///   - left: `[batch, feature]`; rows are brought to length 1 here.
    ///   - right: of the same shape; row `i` belongs to row `i` of `left`.
    ///   - temperature: positive; the smaller, the more the nearest wrong pairs count.
    ///   - negatives: `[negative, feature]`, each row of length 1; no gradient goes to them.
    ///   - bias: `[batch, negative]`, added to the scores with negatives: a large number below zero takes one out.
    ///   - sampleWeight: `[batch]` of 1 and 0; pairs of weight 0 neither count nor serve as wrong pairs.
    /// - Returns: one number, of shape `[]`; 0 for a single pair without negatives.
    /// - Throws: `NeuralError.shape` if the sizes do not go together or the temperature is not positive.
    public mutating func infoNCE(
        _ left: Value, _ right: Value, temperature: Float = 0.07, negatives: Value? = nil, bias: Value? = nil,
        sampleWeight: Value? = nil
    ) throws -> Value {
        let input = shape(left)
        try require(
            input.rank == 2 && shape(right) == input,
            "InfoNCE takes two [batch, feature], not \(input) and \(shape(right))")
        try require(temperature > 0 && temperature.isFinite, "a temperature is positive, not \(temperature)")
        try requireSampleWeight(sampleWeight, batch: input[0])
        let (a, b) = (try normalizeLength(left), try normalizeLength(right))
        let scores = linear(try matmul(a, b, transposeB: true), scale: 1 / temperature)
        let transposed = try transpose(scores, [1, 0])
        var pairs = try identity(input[0])
        let others = try negatives.map { negatives in
            let count = shape(negatives)[0]
            try require(
                shape(negatives) == [count, input[1]],
                "negatives are [count, \(input[1])], not \(shape(negatives))")
            pairs = try concatenate([pairs, fill(0, [input[0], count])], axis: 1)
            return try [a, b].map { side in
                let scores = linear(try matmul(side, negatives, transposeB: true), scale: 1 / temperature)
                return try bias.map { try add(scores, $0) } ?? scores
            }
        }
        var losses: [Value] = []
        for (side, scores) in [scores, transposed].enumerated() {
            var rows = scores
            if let sampleWeight {
                // Scores lie within ±1 / temperature: this far below them, a column has no part in the softmax.
                rows = try add(rows, linear(sampleWeight, scale: 1e4 + 2 / temperature, shift: -1e4 - 2 / temperature))
            }
            if let others { rows = try concatenate([rows, others[side]], axis: 1) }
            losses.append(try reduce(.sum, multiply(logSoftmax(rows), pairs), axes: [1]))
        }
        let mean = linear(try add(losses[0], losses[1]), scale: -0.5)
        return try sampleMean(mean, countingAs: nil, sampleWeight: sampleWeight)
    }

    /// The `[size, size]` matrix with ones on its diagonal. In row-major order that is a one and `size` zeros, again
    /// and again, and a last one.
    private mutating func identity(_ size: Int) throws -> Value {
        guard size > 1 else { return fill(1, [size, size]) }
        let period = try concatenate([fill(1, [size - 1, 1]), fill(0, [size - 1, size])], axis: 1)
        let flat = try concatenate([reshape(period, [size * size - 1]), fill(1, [1])], axis: 0)
        return try reshape(flat, [size, size])
    }
}
