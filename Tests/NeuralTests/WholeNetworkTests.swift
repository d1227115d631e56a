import Neural
import Testing

/// A network with all the parts of the model's, trained for one step as training does it: gradients added to a buffer.
@Suite struct WholeNetworkTests {
    @Test(arguments: TestBackend.others)
    func gradientsAreTheReferences(_ test: TestBackend) throws {
        let (expected, found) = (try step(ReferenceBackend()), try step(test.backend))
        // The measure of parity for whole networks: 1e-4, relative to each tensor's largest element.
        expectClose(found.loss, expected.loss, 1e-4, "loss")
        for parameter in expected.gradients.parameters {
            try expectClose(
                found.gradients.tensor(parameter.name), expected.gradients.tensor(parameter.name), 1e-4, parameter.name)
        }
    }

    @Test(arguments: TestBackend.all)
    func trainsToNoLoss(_ test: TestBackend) throws {
        let operation = try TestNetwork.operationCase()
        let (executable, parameters, inputs) = try prepare(operation, test.backend)
        let gradients = try parameters.zeros()
        var losses: [Float] = []
        for _ in 0..<8 {
            gradients.fill(0)
            losses.append(try executable.run(inputs, parameters: parameters, gradients: gradients)[0].floats[0])
            for parameter in parameters.parameters {
                let (old, gradient) = (try parameters.tensor(parameter.name), try gradients.tensor(parameter.name))
                let new = zip(old.floats, gradient.floats).map { $0 - 0.1 * $1 }
                try parameters.set(parameter.name, to: Tensor(parameter.shape, new))
            }
        }
        // Steps of plain gradient descent on one batch only go down.
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 }, "\(losses)")
    }

    private func step(_ backend: any Backend) throws -> (loss: Tensor, gradients: ParameterBuffer) {
        let (executable, parameters, inputs) = try prepare(TestNetwork.operationCase(), backend)
        let gradients = try parameters.zeros()
        let results = try executable.run(inputs, parameters: parameters, gradients: gradients)
        return (results[0], gradients)
    }

    private func prepare(
        _ operation: OperationCase, _ backend: any Backend
    ) throws -> (any Executable, ParameterBuffer, [String: Tensor]) {
        var graph = Graph()
        let inputs = operation.sources.filter { !$0.isParameter }
        let values = try inputs.map { try graph.input($0.name, $0.tensor.type) }
        let loss = try TestNetwork.build(&graph, values[0], values[1])
        let sources = try graph.parameters.map { try graph.parameter($0) }
        let gradients = try graph.gradients(of: loss, withRespectTo: sources)
        let outputs = zip(graph.parameters, gradients).map { GraphOutput($1, .accumulate($0.name)) }
        let parameters = try ParameterBuffer(graph.parameters)
        for source in operation.sources where source.isParameter { try parameters.set(source.name, to: source.tensor) }
        return (
            try backend.compile(graph, outputs: [GraphOutput(loss)] + outputs), parameters,
            Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.tensor) })
        )
    }
}
