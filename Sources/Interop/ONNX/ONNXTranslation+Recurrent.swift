import Neural

extension ONNXTranslation {
    /// A layer: ONNX's `GRU` with `linear_before_reset`, which has the same equations with its gates in the order update,
    /// reset, candidate, and time as its first axis.
    ///
    /// The directions of a layer, which are nodes of their own here, become one operator: OpenVINO (2026.4) joins two of
    /// them itself, and then has wrong states for all clips but the first.
    mutating func gru(_ node: Graph.Node, _ index: Int, reversed: Bool) throws {
        // The second direction came with the first.
        guard !isTranslated(Graph.Value(node: index, output: 0)) else { return }
        let directions = [index] + (reversed ? [] : opposite(of: index).map { [$0] } ?? [])
        let size = graph.shape(node.inputs[3])[1]
        var (input, hidden, bias) = ([Float](), [Float](), [Float]())
        for direction in directions {
            let node = graph.nodes[direction]
            // It begins with zeros by itself, and lengths are not asked for by any network.
            guard node.inputs.count == 6, graph.nodes[node.inputs[1].node].operation == .fill(0) else {
                throw unsupported(node)
            }
            input += try gates(node.inputs[2])
            hidden += try gates(node.inputs[3])
            bias += try gates(node.inputs[4]) + gates(node.inputs[5])
        }
        func name(_ position: Int, _ part: String, _ new: String) throws -> String {
            try parameter(node.inputs[position]).replacing(part, with: new)
        }
        let (count, features) = (directions.count, graph.shape(node.inputs[2])[1])
        let weights = [
            constant(try name(2, "weight_ih", "W"), try Tensor([count, 3 * size, features], input)),
            constant(try name(3, "weight_hh", "R"), try Tensor([count, 3 * size, size], hidden)),
            constant(try name(4, "bias_ih", "B"), try Tensor([count, 6 * size], bias)),
        ]
        let states = emit(
            "GRU", [turn(try self.name(node.inputs[0]), [1, 0, 2])] + weights,
            [
                ("direction", .text(count == 2 ? "bidirectional" : reversed ? "reverse" : "forward")),
                ("hidden_size", .integer(size)), ("linear_before_reset", .integer(1)),
            ], outputs: ["Y", "Y_h"])
        // [time, direction, clip, state] and [direction, clip, state]
        let all = parted(states[0], axis: 1, count)
        let last = parted(states[1], axis: 0, count)
        for (direction, (all, last)) in zip(directions, zip(all, last)) {
            set(Graph.Value(node: direction, output: 0), turn(all, [1, 0, 2]))
            set(Graph.Value(node: direction, output: 1), last)
        }
    }

    /// The node that reads the same sequence backwards.
    private func opposite(of index: Int) -> Int? {
        let node = graph.nodes[index]
        return graph.nodes.indices.dropFirst(index + 1).first { other in
            graph.nodes[other].operation == .gru(reversed: true) && graph.nodes[other].inputs[0] == node.inputs[0]
                && graph.nodes[other].outputs == node.outputs
        }
    }

    /// The parts of a tensor along an axis that goes with it.
    private mutating func parted(_ states: String, axis: Int, _ count: Int) -> [String] {
        let parts =
            count == 1
            ? [states]
            : emit("Split", [states], [("axis", .integer(axis))], outputs: (0..<count).map { "\($0)" })
        return parts.map { emit("Squeeze", [$0, integers([axis])]) }
    }

    /// A parameter of three gates, in ONNX's order instead of PyTorch's: reset, update, candidate.
    private func gates(_ value: Graph.Value) throws -> [Float] {
        let values = try parameters.tensor(parameter(value)).floats
        let third = values.count / 3
        return Array(values[third..<2 * third] + values[..<third] + values[(2 * third)...])
    }
}
