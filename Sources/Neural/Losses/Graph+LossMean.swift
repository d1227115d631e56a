extension Graph {
    /// The mean over all elements of `losses [batch, …]`, or the mean over samples weighted with `sampleWeight [batch]`.
    mutating func elementMean(_ losses: Value, sampleWeight: Value?) throws -> Value {
        let rank = shape(losses).rank
        try require(rank >= 1, "a loss is taken over a batch, not over one number")
        guard let sampleWeight else { return try reduce(.mean, losses, axes: Array(0..<rank)) }
        let rows = rank > 1 ? try reduce(.mean, losses, axes: Array(1..<rank)) : losses
        return try sampleMean(rows, countingAs: nil, sampleWeight: sampleWeight)
    }

    /// `Σ s losses / Σ s count` over `[batch]`, with counts and sample weights of 1 where they are nil.
    mutating func sampleMean(_ losses: Value, countingAs count: Value?, sampleWeight: Value?) throws -> Value {
        try requireSampleWeight(sampleWeight, batch: shape(losses)[0])
        var (losses, count) = (losses, count)
        if let sampleWeight {
            losses = try multiply(losses, sampleWeight)
            count = try count.map { try multiply($0, sampleWeight) } ?? sampleWeight
        }
        guard let count else { return try reduce(.mean, losses, axes: [0]) }
        // Far below any real count; it only makes the mean of nothing 0 rather than not a number.
        let total = linear(try reduce(.sum, count, axes: [0]), scale: 1, shift: 1e-12)
        return try multiply(reduce(.sum, losses, axes: [0]), unary(.reciprocal, total))
    }

    func requireSampleWeight(_ weight: Value?, batch: Int) throws {
        guard let weight else { return }
        try require(shape(weight) == [batch], "\(batch) sample weights are needed, not \(shape(weight))")
    }
}
