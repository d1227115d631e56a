/// Which nodes of a graph matter, and which of them need computing once only.
package enum Constants {
    /// Nodes that `outputs` depend on.
    package static func live(_ graph: Graph, _ outputs: [GraphOutput]) -> [Bool] {
        var live = [Bool](repeating: false, count: graph.nodes.count)
        for output in outputs { live[output.value.node] = true }
        for node in graph.nodes.indices.reversed() where live[node] {
            for input in graph.nodes[node].inputs { live[input.node] = true }
        }
        return live
    }

    /// How many times nodes that matter, and `outputs`, use each value.
    package static func uses(_ graph: Graph, _ outputs: [GraphOutput], live: [Bool]) -> [Graph.Value: Int] {
        var uses: [Graph.Value: Int] = [:]
        for output in outputs { uses[output.value, default: 0] += 1 }
        for node in graph.nodes.indices where live[node] {
            for input in graph.nodes[node].inputs { uses[input, default: 0] += 1 }
        }
        return uses
    }

    /// Nodes that depend on fills and on parameters that the plan itself does not write: they change only when
    /// somebody changes the parameters.
    static func find(_ graph: Graph, assigned: Set<String>) -> [Bool] {
        var constant = [Bool](repeating: false, count: graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            constant[index] =
                switch node.operation {
                case .fill: true
                case .parameter(let name): !assigned.contains(name)
                case .input: false
                // Large repetitions are cheaper to make again than to keep.
                case .broadcast: node.outputs[0].byteCount <= 1 << 20 && constant[node.inputs[0].node]
                default: !node.inputs.isEmpty && node.inputs.allSatisfy { constant[$0.node] }
                }
        }
        return constant
    }
}

extension Graph {
    /// Whether it is one of training: what convolutions' weights are changes from one run to the next.
    var trainsConvolutions: Bool {
        nodes.contains { node in
            switch node.operation {
            case .batchNormalization, .batchNormalizationReLU, .convolutionWeightGradient: true
            default: false
            }
        }
    }
}
