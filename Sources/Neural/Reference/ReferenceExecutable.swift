/// A graph that is interpreted node by node at each run.
package final class ReferenceExecutable: Executable {
    private let graph: Graph
    private let outputs: [GraphOutput]
    /// Whether an output depends on the node.
    private let isNeeded: [Bool]

    init(_ graph: Graph, _ outputs: [GraphOutput]) {
        self.graph = graph
        self.outputs = outputs
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        for output in outputs { isNeeded[output.value.node] = true }
        for index in graph.nodes.indices.reversed() where isNeeded[index] {
            for input in graph.nodes[index].inputs { isNeeded[input.node] = true }
        }
        self.isNeeded = isNeeded
    }

    /// Nothing is kept from one run to the next.
    package var memoryBytes: Int { 0 }

    package func run(
        _ inputs: [String: Tensor], parameters: ParameterBuffer, gradients: ParameterBuffer?,
        into results: inout [Tensor]
    ) throws {
        for output in outputs {
            if case .accumulate(let name) = output.destination, gradients == nil {
                throw NeuralError(.binding, "a buffer for gradients is needed, as that of \(name) is asked for")
            }
        }
        let values = try evaluate(
            input: { name, type in
                guard let tensor = inputs[name] else { throw NeuralError(.binding, "input \(name) is missing") }
                guard tensor.type == type else {
                    throw NeuralError(.binding, "input \(name) is \(tensor.type), but \(type) is needed")
                }
                return ReferenceTensor(tensor)
            },
            parameter: { name, type in
                let tensor = try parameters.tensor(name)
                guard tensor.type == type else {
                    throw NeuralError(.binding, "parameter \(name) is \(tensor.type), but \(type) is needed")
                }
                return ReferenceTensor(tensor)
            })
        results = []
        for (output, value) in zip(outputs, values) {
            switch output.destination {
            case .result:
                results.append(try value.rounded(to: graph.type(output.value).elementType))
            case .accumulate(let name):
                guard let gradients else { continue }
                let sum = try zip(gradients.tensor(name).floats, value.values).map { Float(Double($0) + $1) }
                try gradients.set(name, to: Tensor(value.shape, sum))
            case .assign(let name):
                try parameters.set(name, to: value.rounded(to: .float32))
            }
        }
    }

    /// The outputs as they are before they are rounded, from inputs and parameters that need not be floats either:
    /// finite differences are taken of these.
    package func evaluate(
        input: (String, TensorType) throws -> ReferenceTensor, parameter: (String, TensorType) throws -> ReferenceTensor
    ) throws -> [ReferenceTensor] {
        var values: [[ReferenceTensor]] = []
        values.reserveCapacity(graph.nodes.count)
        for (index, node) in graph.nodes.enumerated() {
            guard isNeeded[index] else {
                values.append([])
                continue
            }
            let results =
                switch node.operation {
                case .input(let name): [try input(name, node.outputs[0])]
                case .parameter(let name): [try parameter(name, node.outputs[0])]
                default: try Reference.evaluate(node, node.inputs.map { values[$0.node][$0.output] })
                }
            guard results.map(\.shape) == node.outputs.map(\.shape) else {
                throw NeuralError(
                    .shape,
                    "\(node.label) \(node.operation) yields \(results.map(\.shape)) where the graph says \(node.outputs)"
                )
            }
            values.append(results)
        }
        return outputs.map { values[$0.value.node][$0.value.output] }
    }
}
