import Neural

extension ONNXTranslation {
    /// One direction of one layer: ONNX's `GRU` with `linear_before_reset`, which has the same equations with its gates
    /// in the order update, reset, candidate, and time as its first axis.
    mutating func gru(_ node: Graph.Node, _ index: Int, reversed: Bool) throws {
        // Of its states ONNX gives those that the network asks for; zeros are what it begins with by itself.
        guard node.inputs.count == 6, graph.nodes[node.inputs[1].node].operation == .fill(0) else {
            throw unsupported(node)
        }
        let x = turn(try name(node.inputs[0]), [1, 0, 2])
        let biases = try [4, 5].map { try gates(node.inputs[$0]).values }
        let input = try gates(node.inputs[2])
        let hidden = try gates(node.inputs[3])
        let size = graph.shape(node.inputs[3])[1]
        let bias = try Tensor([1, 6 * size], biases[0] + biases[1])
        let weights = [
            constant(Self.renamed(input.name, "weight_ih", "W"), try Tensor([1, 3 * size, input.width], input.values)),
            constant(Self.renamed(hidden.name, "weight_hh", "R"), try Tensor([1, 3 * size, size], hidden.values)),
            constant(Self.renamed(try parameter(node.inputs[4]), "bias_ih", "B"), bias),
        ]
        let states = emit(
            "GRU", [x] + weights,
            [
                ("direction", .text(reversed ? "reverse" : "forward")), ("hidden_size", .integer(size)),
                ("linear_before_reset", .integer(1)),
            ], outputs: ["Y", "Y_h"])
        // [time, direction, clip, state] and [direction, clip, state]
        let all = emit("Squeeze", [states[0], integers([1])])
        set(Graph.Value(node: index, output: 0), turn(all, [1, 0, 2]))
        let last = emit("Squeeze", [states[1], integers([0])])
        set(Graph.Value(node: index, output: 1), last)
    }

    /// A parameter of three gates, in ONNX's order instead of PyTorch's: reset, update, candidate.
    private func gates(_ value: Graph.Value) throws -> (name: String, values: [Float], width: Int) {
        let name = try parameter(value)
        let values = try parameters.tensor(name).floats
        let third = values.count / 3
        let shape = graph.shape(value)
        return (
            name, Array(values[third..<2 * third] + values[..<third] + values[(2 * third)...]),
            shape.rank > 1 ? shape[1] : 1
        )
    }

    /// `gru.weight_ih_l0` as `gru.W_l0`.
    private static func renamed(_ name: String, _ part: String, _ new: String) -> String {
        name.replacing(part, with: new)
    }
}
