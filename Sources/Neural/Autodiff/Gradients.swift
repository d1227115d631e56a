extension Graph {
    /// Adds the nodes that compute the gradient of a scalar (a value of one element).
    ///
    /// - Returns: for each of `sources`, the gradient, of its shape.
    /// - Throws: `NeuralError.unsupported` if an operation on the way has no gradient, `.shape` if `loss` is no scalar.
    public mutating func gradients(of loss: Value, withRespectTo sources: [Value]) throws -> [Value] {
        try require(shape(loss).elementCount == 1, "a loss is one number, not \(shape(loss))")
        let one = fill(1, shape(loss))
        return try gradients(of: [(loss, one)], withRespectTo: sources)
    }

    /// Adds the nodes that compute `sum over outputs of sum(output * cotangent)` differentiated by each source:
    /// reverse-mode differentiation, graph in, graph out.
    ///
    /// - Returns: for each of `sources`, the gradient, of its shape; zeros where nothing depends on it.
    /// - Throws: `NeuralError.unsupported` if an operation on the way has no gradient, `.shape` if a cotangent has
    ///   not its output's shape.
    public mutating func gradients(
        of outputs: [(output: Value, cotangent: Value)], withRespectTo sources: [Value]
    ) throws -> [Value] {
        let depends = nodesDepending(on: sources)
        var cotangents: [Value: Value] = [:]
        for (output, cotangent) in outputs {
            try require(
                shape(output) == shape(cotangent), "a cotangent of \(shape(output)) is needed, not \(shape(cotangent))")
            try accumulate(cotangent, onto: output, in: &cotangents)
        }
        for index in (0..<(outputs.map(\.output.node).max() ?? -1) + 1).reversed() where depends[index] {
            let node = nodes[index]
            let incoming = node.outputs.indices.map { cotangents[Value(node: index, output: $0)] }
            guard incoming.contains(where: { $0 != nil }), !node.inputs.isEmpty else { continue }
            let needed = node.inputs.map { depends[$0.node] && type($0).elementType == .float32 }
            guard needed.contains(true) else { continue }
            let outer = scope
            scope = node.label.isEmpty ? "gradient" : "\(node.label) gradient"
            defer { scope = outer }
            let gradients = try pullback(index, incoming, needed)
            for (input, gradient) in zip(node.inputs, gradients) {
                guard let gradient, depends[input.node] else { continue }
                try accumulate(gradient, onto: input, in: &cotangents)
            }
        }
        return sources.map { source in cotangents[source] ?? fill(0, shape(source)) }
    }

    /// For each node, whether it is one of `sources` or is computed from one.
    private func nodesDepending(on sources: [Value]) -> [Bool] {
        var depends = [Bool](repeating: false, count: nodes.count)
        for source in sources { depends[source.node] = true }
        for index in nodes.indices where nodes[index].inputs.contains(where: { depends[$0.node] }) {
            depends[index] = true
        }
        return depends
    }

    private mutating func accumulate(_ gradient: Value, onto value: Value, in cotangents: inout [Value: Value]) throws {
        cotangents[value] = try cotangents[value].map { try add($0, gradient) } ?? gradient
    }
}
