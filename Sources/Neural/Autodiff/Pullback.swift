extension Graph {
    /// Adds the nodes that carry the cotangents of a node's outputs back to its inputs.
    ///
    /// - Parameters:
    ///   - incoming: for each output, its cotangent, or nil where nothing depends on it.
    ///   - needed: for each input, whether anyone asks for its gradient.
    /// - Returns: for each input, its gradient, or nil where it has none or none is needed.
    mutating func pullback(_ index: Int, _ incoming: [Value?], _ needed: [Bool]) throws -> [Value?] {
        let node = nodes[index]
        let (x, y) = (node.inputs[0], Value(node: index, output: 0))
        if case .gru(let reversed) = node.operation {
            return try pullbackGRU(node, y, incoming, reversed: reversed)
        }
        guard let dy = incoming[0], incoming.dropFirst().allSatisfy({ $0 == nil }) else {
            throw noGradient(node, "through its second output")
        }
        switch node.operation {
        case .convolution, .convolutionInputGradient:
            return try pullbackConvolution(node, dy, needed)
        case .batchNormalization(let epsilon), .layerNormalization(let epsilon):
            let saved = [x, dy, node.inputs[1], Value(node: index, output: 1), Value(node: index, output: 2)]
            let isBatch = if case .batchNormalization = node.operation { true } else { false }
            let types = node.inputs.map { type($0) }
            return append(
                isBatch ? .batchNormalizationGradient(epsilon: epsilon) : .layerNormalizationGradient(epsilon: epsilon),
                saved, types)
        case .batchNormalizationInference(let epsilon):
            return try pullbackFixedNormalization(node, dy, epsilon, needed)
        case .pooling(let pooling):
            let saved = pooling.kind == .maximum ? [dy, Value(node: index, output: 1)] : [dy]
            return [append(.poolingGradient(pooling, inputShape: shape(x)), saved, type(x))]
        case .upsample(let upsampling):
            return [append(.upsampleGradient(upsampling), [dy], type(x))]
        case .unary(.linear(let scale, _)):
            return [linear(dy, scale: scale)]
        case .unary(let function):
            return [append(.unaryGradient(function), [function.gradientUsesOutput ? y : x, dy], type(x))]
        case .binary(let function):
            return try pullbackBinary(function, node, dy, needed)
        case .matmul(let transposeA, let transposeB):
            return try pullbackMatmul(node, dy, needed, transposeA, transposeB)
        case .reduce(let reduction, let axes, _):
            return [try pullbackReduction(reduction, axes, x, y, dy)]
        case .softmax(let logarithm):
            return [append(.softmaxGradient(logarithm: logarithm), [y, dy], type(x))]
        case .reshape:
            return [try reshape(dy, shape(x))]
        case .transpose(let permutation):
            var inverse = permutation
            for (to, from) in permutation.enumerated() { inverse[from] = to }
            return [try transpose(dy, inverse)]
        case .concatenate(let axis):
            var start = 0
            return try node.inputs.map { input in
                let range = start..<start + shape(input)[axis]
                start = range.upperBound
                return try slice(dy, axis: axis, range)
            }
        case .slice(let starts):
            return [append(.pad(starts: starts), [dy], type(x))]
        case .pad(let starts):
            return [append(.slice(starts: starts), [dy], type(x))]
        case .broadcast:
            return [try unbroadcast(dy, shape(x))]
        case .batchNormalizationReLU:
            throw noGradient(node, "once it is fused: differentiate first")
        case .normalizeFrames, .dropoutMask, .input, .parameter, .fill:
            return node.inputs.map { _ in nil }
        default:
            throw noGradient(node, "a second time")
        }
    }

    private func noGradient(_ node: Node, _ how: String) -> NeuralError {
        NeuralError(.unsupported, "\(node.label): \(node.operation) cannot be differentiated \(how)")
    }

    private mutating func pullbackConvolution(_ node: Node, _ dy: Value, _ needed: [Bool]) throws -> [Value?] {
        let (x, weight) = (node.inputs[0], node.inputs[1])
        switch node.operation {
        case .convolution(let convolution):
            guard convolution.activation == nil, !convolution.addsResidual else {
                throw noGradient(node, "once it is fused: differentiate first")
            }
            var plain = convolution
            plain.hasBias = false
            let dx = needed[0] ? append(.convolutionInputGradient(plain), [dy, weight], type(x)) : nil
            let wantsWeights = needed.dropFirst().contains(true)
            let rest =
                wantsWeights
                ? append(.convolutionWeightGradient(convolution), [x, dy], node.inputs.dropFirst().map { type($0) })
                : []
            return [dx] + (wantsWeights ? rest.map { $0 } : node.inputs.dropFirst().map { _ in nil })
        case .convolutionInputGradient(let convolution):
            // The map is linear in each: its adjoint is the convolution itself.
            let dx = needed[0] ? append(.convolution(convolution), [dy, weight], type(x)) : nil
            let dweight = needed[1] ? append(.convolutionWeightGradient(convolution), [dy, x], type(weight)) : nil
            return [dx, dweight]
        default:
            throw noGradient(node, "here")
        }
    }

    /// With fixed statistics the normalisation is a scale and a shift for each channel.
    private mutating func pullbackFixedNormalization(
        _ node: Node, _ dy: Value, _ epsilon: Float, _ needed: [Bool]
    ) throws -> [Value?] {
        let (x, scale, mean, variance) = (node.inputs[0], node.inputs[1], node.inputs[3], node.inputs[4])
        let inverse = unary(.reciprocalSquareRoot, linear(variance, scale: 1, shift: epsilon))
        let outerAxes = Array(0..<shape(x).rank - 1)
        var gradients: [Value?] = [nil, nil, nil, nil, nil]
        if needed[0] { gradients[0] = try multiply(dy, multiply(scale, inverse)) }
        if needed[1] {
            let normalized = try multiply(subtract(x, mean), inverse)
            gradients[1] = try reduce(.sum, multiply(dy, normalized), axes: outerAxes)
        }
        if needed[2] { gradients[2] = try reduce(.sum, dy, axes: outerAxes) }
        return gradients
    }

    private mutating func pullbackBinary(
        _ function: Binary, _ node: Node, _ dy: Value, _ needed: [Bool]
    ) throws -> [Value?] {
        let (a, b) = (node.inputs[0], node.inputs[1])
        var gradients: [Value?] = [nil, nil]
        if needed[0] {
            let da = function == .multiply ? try multiply(dy, b) : dy
            gradients[0] = try unbroadcast(da, shape(a))
        }
        if needed[1] {
            let db =
                switch function {
                case .add: dy
                case .subtract: linear(dy, scale: -1)
                case .multiply: try multiply(dy, a)
                }
            gradients[1] = try unbroadcast(db, shape(b))
        }
        return gradients
    }

    /// Sums `x` over the axes along which `shape` was repeated.
    private mutating func unbroadcast(_ x: Value, _ shape: Shape) throws -> Value {
        let input = self.shape(x)
        guard input != shape else { return x }
        let offset = input.rank - shape.rank
        let axes = (0..<input.rank).filter { $0 < offset || (shape[$0 - offset] == 1 && input[$0] != 1) }
        return try reshape(reduce(.sum, x, axes: axes), shape)
    }

    private mutating func pullbackMatmul(
        _ node: Node, _ dy: Value, _ needed: [Bool], _ transposeA: Bool, _ transposeB: Bool
    ) throws -> [Value?] {
        let (a, b) = (node.inputs[0], node.inputs[1])
        var gradients = node.inputs.map { _ in Value?.none }
        if needed[0] {
            gradients[0] =
                try transposeA
                ? matmul(b, dy, transposeA: transposeB, transposeB: true)
                : matmul(dy, b, transposeB: !transposeB)
        }
        if needed[1] {
            gradients[1] =
                try transposeB
                ? matmul(dy, a, transposeA: true, transposeB: transposeA)
                : matmul(a, dy, transposeA: !transposeA)
        }
        if node.inputs.count > 2, needed[2] {
            gradients[2] = try reduce(.sum, dy, axes: Array(0..<shape(dy).rank - 1))
        }
        return gradients
    }

    private mutating func pullbackReduction(
        _ reduction: Reduction, _ axes: [Int], _ x: Value, _ y: Value, _ dy: Value
    ) throws -> Value {
        let input = shape(x)
        let kept = Shape((0..<input.rank).map { axes.contains($0) ? 1 : input[$0] })
        let incoming = try reshape(dy, kept)
        switch reduction {
        case .sum:
            return try broadcast(incoming, input)
        case .mean:
            let count = axes.map { input[$0] }.reduce(1, *)
            return try broadcast(linear(incoming, scale: 1 / Float(count)), input)
        case .maximum:
            return append(.maximumGradient(axes: axes), [x, try reshape(y, kept), incoming], type(x))
        }
    }

    private mutating func pullbackGRU(
        _ node: Node, _ y: Value, _ incoming: [Value?], reversed: Bool
    ) throws -> [Value?] {
        guard incoming[2] == nil else { throw noGradient(node, "through its saved gates") }
        let dy = incoming[0] ?? fill(0, node.outputs[0].shape)
        let dlast = incoming[1] ?? fill(0, node.outputs[1].shape)
        let saved = Value(node: y.node, output: 2)
        let gradients = append(
            .gruGradient(reversed: reversed),
            Array(node.inputs.prefix(6)) + [y, saved, dy, dlast] + node.inputs.dropFirst(6),
            node.inputs.prefix(6).map { type($0) })
        return gradients.map { $0 } + node.inputs.dropFirst(6).map { _ in nil }
    }
}
