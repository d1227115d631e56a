extension Graph {
    /// The parameters of one direction of one GRU layer, in PyTorch's layout:
    /// the rows of the three gates are stacked in the order reset, update, candidate.
    public struct GRUWeights: Hashable, Sendable {
        /// `[3 hidden, feature]`
        public var input: Value
        /// `[3 hidden, hidden]`
        public var hidden: Value
        /// `[3 hidden]`
        public var inputBias: Value
        /// `[3 hidden]`
        public var hiddenBias: Value

        public init(input: Value, hidden: Value, inputBias: Value, hiddenBias: Value) {
            self.input = input
            self.hidden = hidden
            self.inputBias = inputBias
            self.hiddenBias = hiddenBias
        }
    }

    /// One direction of one gated recurrent layer (Cho et al. 2014), in the reset-after form that PyTorch,
    /// Keras and cuDNN share:
    ///
    ///     r  = sigmoid(W_r x + b_r + U_r h + c_r)
    ///     z  = sigmoid(W_z x + b_z + U_z h + c_z)
    ///     n  = tanh(W_n x + b_n + r * (U_n h + c_n))
    ///     h' = (1 - z) * n + z * h
    ///
    /// The article prints a GRU whose candidate state `n` is not defined; this is the standard one.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, feature]`
    ///   - initial: `[batch, hidden]`; zeros where nil.
    ///   - lengths: int32 `[batch]`: steps of each sequence that count, brought into 0 ... time. Beyond them the
    ///     outputs are zero, and the last state is the one at the sequence's own end (the initial one for length 0).
    ///     All steps count where nil.
    ///   - reversed: runs from the last step to the first; outputs stay at their own times.
    /// - Returns: `y [batch, time, hidden]` and the final state `last [batch, hidden]`.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func gru(
        _ x: Value, weights: GRUWeights, initial: Value? = nil, lengths: Value? = nil, reversed: Bool = false
    ) throws -> (y: Value, last: Value) {
        let input = shape(x)
        try require(input.rank == 3, "a GRU takes [batch, time, feature], not \(input)")
        let hidden = shape(weights.hidden).dimensions.last ?? 0
        try require(
            shape(weights.input) == [3 * hidden, input[2]] && shape(weights.hidden) == [3 * hidden, hidden]
                && shape(weights.inputBias) == [3 * hidden] && shape(weights.hiddenBias) == [3 * hidden],
            "GRU weights \(shape(weights.input)), \(shape(weights.hidden)) do not go with \(input)")
        let state: Shape = [input[0], hidden]
        try requireFloats([x, weights.input, weights.hidden, weights.inputBias, weights.hiddenBias], "a GRU")
        try initial.map { try require(type($0) == TensorType(state), "a GRU's state is \(state), not \(type($0))") }
        try lengths.map {
            try require(type($0) == TensorType([input[0]], .int32), "lengths are int32[\(input[0])], not \(type($0))")
        }
        let start = initial ?? fill(0, state)
        let inputs = [x, start, weights.input, weights.hidden, weights.inputBias, weights.hiddenBias]
        let outputs = try appendChecked(
            .gru(reversed: reversed), inputs + (lengths.map { [$0] } ?? []),
            [
                TensorType([input[0], input[1], hidden]), TensorType(state),
                TensorType([input[0], input[1], 4 * hidden]),
            ])
        return (outputs[0], outputs[1])
    }

    /// A stack of gated recurrent layers with parameters of its own: PyTorch's `GRU(batch_first=True)`, with its names.
    ///
    /// Layer `k` has `weight_ih_lk [3 hidden, in]`, `weight_hh_lk [3 hidden, hidden]`, `bias_ih_lk` and `bias_hh_lk`
    /// of `[3 hidden]`, and the same with `_reverse` appended if it is bidirectional. PyTorch draws each from
    /// `±1 / sqrt(hidden)`. A layer's directions are concatenated, forward first, and are the next layer's input.
    ///
    /// - Parameters:
    ///   - x: `[batch, time, feature]`
    ///   - name: the parameters' prefix: `gru` gives `gru.weight_ih_l0`; an empty one gives `weight_ih_l0`.
    ///   - initial: a state `[batch, hidden]` for each layer and direction, in PyTorch's order: layer by layer, forward
    ///     before reverse. Zeros where nil.
    ///   - lengths: int32 `[batch]`, as in `gru`.
    /// - Returns: the last layer's `y [batch, time, directions * hidden]`, and the last state `[batch, hidden]` of each
    ///   layer and direction, in the order of `initial`.
    /// - Throws: `NeuralError.shape` if the sizes do not go together, `.binding` if a name is taken by another shape.
    public mutating func recurrentStack(
        _ x: Value, hidden: Int, layers: Int = 1, bidirectional: Bool = false, name: String = "gru",
        initial: [Value]? = nil, lengths: Value? = nil, initialization: InitializationStyle = .torch
    ) throws -> (y: Value, last: [Value]) {
        let suffixes = bidirectional ? ["", "_reverse"] : [""]
        try requireWindow([hidden], [])
        try require(hidden > 0 && layers > 0, "a GRU needs a hidden size and layers, not \(hidden) and \(layers)")
        try require(shape(x).rank == 3, "a GRU takes [batch, time, feature], not \(shape(x))")
        if let initial {
            let count = layers * suffixes.count
            try require(initial.count == count, "\(count) initial states are needed, not \(initial.count)")
        }
        let prefix = name.isEmpty ? "" : name + "."
        let uniform = Parameter.Initializer.uniform(bound: 1 / Float(hidden).squareRoot())
        var (y, last) = (x, [Value]())
        for layer in 0..<layers {
            let feature = shape(y)[2]
            var directions: [Value] = []
            for (direction, suffix) in suffixes.enumerated() {
                func weight(_ kind: String, _ shape: Shape, keras: Parameter.Initializer) -> Parameter {
                    Parameter(
                        "\(prefix)\(kind)_l\(layer)\(suffix)", shape,
                        initializer: initialization == .keras ? keras : uniform)
                }
                let weights = GRUWeights(
                    input: try parameter(
                        weight(
                            "weight_ih", [3 * hidden, feature],
                            keras: .glorotUniform(fanIn: feature, fanOut: 3 * hidden))),
                    hidden: try parameter(weight("weight_hh", [3 * hidden, hidden], keras: .orthogonal)),
                    inputBias: try parameter(weight("bias_ih", [3 * hidden], keras: .constant(0))),
                    hiddenBias: try parameter(weight("bias_hh", [3 * hidden], keras: .constant(0))))
                let result = try gru(
                    y, weights: weights, initial: initial?[last.count], lengths: lengths, reversed: direction == 1)
                directions.append(result.y)
                last.append(result.last)
            }
            y = try concatenate(directions, axis: 2)
        }
        return (y, last)
    }
}
