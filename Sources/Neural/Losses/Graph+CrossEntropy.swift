extension Graph {
    /// Softmax cross-entropy of class scores, averaged as PyTorch's `cross_entropy` with class indices does.
    ///
    ///     target'[i, c] = (1 - smoothing) * target[i, c] + smoothing / classes
    ///     loss = -Σ_ic s[i] w[c] target'[i, c] log softmax(logits)[i, c]  /  Σ_ic s[i] w[c] target[i, c]
    ///
    /// where `w` are the class weights and `s` the sample weights, each 1 where absent. It is computed from the
    /// logarithm of the softmax, so that logits of any size give a finite loss. With a focusing `g` each logarithm
    /// counts `(1 - softmax)^g` times: what is right already counts for little (the focal loss of Lin et al. 2017).
    ///
    /// - Parameters:
    ///   - logits: `[batch, class]`
    ///   - targets: `[batch, class]`, a distribution in each row: 1 for the label and 0 elsewhere, or a mixture.
    ///   - classWeights: `[class]`
    ///   - labelSmoothing: the share of each target that is spread over all classes (Szegedy et al. 2016), in 0 ..< 1.
    ///   - focusing: the focal loss's exponent, 0 or more.
    ///   - sampleWeight: `[batch]`; rows of weight 0 count for nothing, as the filling of a last batch should.
    /// - Returns: one number, of shape `[]`; 0 if all rows have weight 0.
    /// - Throws: `NeuralError.shape` if the sizes do not go together or the smoothing is out of range.
    public mutating func softmaxCrossEntropy(
        _ logits: Value, targets: Value, classWeights: Value? = nil, labelSmoothing: Float = 0, focusing: Float = 0,
        sampleWeight: Value? = nil
    ) throws -> Value {
        let input = shape(logits)
        try require(input.rank == 2, "softmax cross-entropy takes logits [batch, class], not \(input)")
        try require(shape(targets) == input, "targets \(shape(targets)) do not go with logits \(input)")
        try classWeights.map {
            try require(shape($0) == [input[1]], "\(input[1]) class weights are needed, not \(shape($0))")
        }
        try require(
            labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing lies in 0 ..< 1, not \(labelSmoothing)")
        try requireFocusing(focusing)
        let smoothed =
            labelSmoothing > 0
            ? linear(targets, scale: 1 - labelSmoothing, shift: labelSmoothing / Float(input[1])) : targets
        let logarithms = logSoftmax(logits)
        var terms = try multiply(smoothed, logarithms)
        if focusing > 0 {
            // Two units in the last place above 1, so that a rounded probability leaves something to take a logarithm of.
            let rest = linear(unary(.exp, logarithms), scale: -1, shift: 1 + 0x1p-22)
            terms = try multiply(terms, unary(.exp, linear(unary(.logarithm, rest), scale: focusing)))
        }
        var rowWeights: Value?
        if let classWeights {
            terms = try multiply(terms, classWeights)
            rowWeights = try reduce(.sum, multiply(targets, classWeights), axes: [1])
        }
        let rows = linear(try reduce(.sum, terms, axes: [1]), scale: -1)
        return try sampleMean(rows, countingAs: rowWeights, sampleWeight: sampleWeight)
    }

    /// Sigmoid cross-entropy of independent yes-or-no scores, averaged over all of them:
    /// PyTorch's `binary_cross_entropy_with_logits`.
    ///
    ///     loss = mean((1 - t) x + (1 + (p - 1) t) softplus(-x))
    ///
    /// for a score `x`, its target `t` and the positive weight `p`; finite for scores of any size. With a focusing
    /// `g` it is the focal loss of Lin et al. 2017, torchvision's `sigmoid_focal_loss`:
    ///
    ///     loss = mean(p t (1 - sigmoid(x))^g softplus(-x) + (1 - t) sigmoid(x)^g softplus(x))
    ///
    /// - Parameters:
    ///   - logits: `[batch, …]`
    ///   - targets: of the same shape, each in 0 ... 1.
    ///   - positiveWeight: how many times a positive target counts, broadcast to the logits' shape: `[label]`, say
    ///     (PyTorch's `pos_weight`); 1 where nil.
    ///   - focusing: the focal loss's exponent, 0 or more.
    ///   - sampleWeight: `[batch]`; the mean over samples is weighted with it.
    /// - Returns: one number, of shape `[]`; 0 if all samples have weight 0.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func sigmoidCrossEntropy(
        _ logits: Value, targets: Value, positiveWeight: Value? = nil, focusing: Float = 0, sampleWeight: Value? = nil
    ) throws -> Value {
        try requireFocusing(focusing)
        try require(
            shape(targets) == shape(logits), "targets \(shape(targets)) do not go with logits \(shape(logits))")
        var weighted = unary(.softplus, linear(logits, scale: -1))
        if let positiveWeight {
            let factor = linear(try multiply(targets, linear(positiveWeight, scale: 1, shift: -1)), scale: 1, shift: 1)
            weighted = try multiply(factor, weighted)
            try require(
                shape(weighted) == shape(logits),
                "a positive weight \(shape(positiveWeight)) does not go with logits \(shape(logits))")
        }
        guard focusing > 0 else {
            let losses = try add(multiply(linear(targets, scale: -1, shift: 1), logits), weighted)
            return try elementMean(losses, sampleWeight: sampleWeight)
        }
        // softplus(-x) is the loss of a positive and -log(1 - sigmoid(-x)); the other way round for a negative.
        let (positive, negative) = (unary(.softplus, linear(logits, scale: -1)), unary(.softplus, logits))
        let missed = try multiply(
            multiply(unary(.exp, linear(negative, scale: -focusing)), positive),
            positiveWeight.map { try multiply(targets, $0) } ?? targets)
        let raised = try multiply(
            multiply(unary(.exp, linear(positive, scale: -focusing)), negative), linear(targets, scale: -1, shift: 1))
        return try elementMean(add(missed, raised), sampleWeight: sampleWeight)
    }

    private func requireFocusing(_ focusing: Float) throws {
        try require(focusing >= 0 && focusing.isFinite, "a focal loss's exponent is 0 or more, not \(focusing)")
    }
}
