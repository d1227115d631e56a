extension Graph {
    /// What every backend checks before it plans, so that none reads numbers of a type or from a place that is not there.
    ///
    /// - Throws: `NeuralError.binding` if an output or an operand is not a value of this graph, or what goes to a
    ///   parameter is not `float32`; `.shape` if an operand has an element type that its operation does not take, or a
    ///   tensor is larger than any memory. Cost: one pass over the nodes.
    package func validate(_ outputs: [GraphOutput]) throws {
        for (index, node) in nodes.enumerated() {
            for (position, input) in node.inputs.enumerated() {
                guard input.node < index, holds(input) else {
                    throw NeuralError(
                        .binding, "operand \(position) of \(described(node)) is not a value of the graph before it")
                }
                guard node.operation.takes(type(input).elementType, at: position) else {
                    throw NeuralError(
                        .shape, "\(described(node)) does not take \(type(input)) as its operand \(position)")
                }
            }
            for output in node.outputs where output.shape.elementCount > Shape.largestCount {
                throw NeuralError(.shape, "\(described(node)) yields \(output), which fits no memory")
            }
        }
        for output in outputs {
            guard holds(output.value) else {
                throw NeuralError(
                    .binding, "output \(output.value.node).\(output.value.output) is not a value of the graph")
            }
            switch output.destination {
            case .result: break
            case .accumulate(let name), .assign(let name):
                guard type(output.value).elementType == .float32 else {
                    throw NeuralError(.binding, "the parameter \(name) cannot take \(type(output.value))")
                }
            }
        }
    }

    private func holds(_ value: Value) -> Bool {
        nodes.indices.contains(value.node) && nodes[value.node].outputs.indices.contains(value.output)
    }

    private func described(_ node: Node) -> String {
        node.label.isEmpty ? "\(node.operation)" : "\(node.label): \(node.operation)"
    }
}

extension Operation {
    /// Whether operand `position` may have elements of `type`. All arithmetic is in `float32`.
    fileprivate func takes(_ type: ElementType, at position: Int) -> Bool {
        switch self {
        case .reshape: true
        case .normalizeFrames: type == .uint8
        case .dropoutMask: type == .int32
        // The window of a maximum pooling.
        case .poolingGradient: type == (position == 1 ? .int32 : .float32)
        // What a ReLU lets through.
        case .batchNormalizationReLUGradient: type == (position == 5 ? .int32 : .float32)
        // The lengths.
        case .gru: type == (position == 6 ? .int32 : .float32)
        case .gruGradient: type == (position == 10 ? .int32 : .float32)
        default: type == .float32
        }
    }
}
