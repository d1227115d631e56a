import Neural
import Testing

/// Something to compute and to differentiate: sources, and how a graph is built on them.
struct OperationCase: Sendable, CustomTestStringConvertible {
    let name: String
    var sources: [Source]
    /// Which outputs have no gradient, by position.
    var constantOutputs: Set<Int> = []
    /// Called with one value for each source that is not a parameter; builders find parameters by name.
    let build: @Sendable (inout Graph, [String: Graph.Value]) throws -> [Graph.Value]

    var testDescription: String { name }

    /// The case as a graph that yields the outputs and the gradients of `Σ output * cotangent`.
    func differentiated(cotangents given: [Int: Tensor] = [:]) throws -> DifferentiatedCase {
        var graph = Graph()
        var values: [String: Graph.Value] = [:]
        for source in sources {
            values[source.name] =
                source.isParameter
                ? try graph.parameter(Parameter(source.name, source.tensor.shape, initializer: .constant(0)))
                : try graph.input(source.name, source.tensor.type)
        }
        let outputs = try build(&graph, values)
        var (pairs, cotangents) = ([(output: Graph.Value, cotangent: Graph.Value)](), [Source]())
        for (index, output) in outputs.enumerated() where !constantOutputs.contains(index) {
            let name = "cotangent \(index)"
            var source = try Source.normal(name, graph.shape(output))
            if let tensor = given[index] { source.tensor = try Tensor(graph.shape(output), tensor.floats) }
            cotangents.append(source.constant)
            pairs.append((output, try graph.input(name, graph.type(output))))
        }
        let differentiable = sources.filter(\.isDifferentiable)
        let gradients =
            pairs.isEmpty
            ? [] : try graph.gradients(of: pairs, withRespectTo: differentiable.compactMap { values[$0.name] })
        return DifferentiatedCase(
            graph: graph, sources: sources + cotangents, outputs: outputs, pairs: pairs,
            differentiable: pairs.isEmpty ? [] : differentiable.map(\.name), gradients: gradients)
    }
}

/// A case with its gradients.
struct DifferentiatedCase {
    let graph: Graph
    let sources: [Source]
    let outputs: [Graph.Value]
    let pairs: [(output: Graph.Value, cotangent: Graph.Value)]
    /// The names of the sources that `gradients` belong to.
    let differentiable: [String]
    let gradients: [Graph.Value]

    var inputs: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: sources.filter { !$0.isParameter }.map { ($0.name, $0.tensor) })
    }

    func parameters() throws -> ParameterBuffer {
        let buffer = try ParameterBuffer(graph.parameters)
        for source in sources where source.isParameter { try buffer.set(source.name, to: source.tensor) }
        return buffer
    }

    /// Outputs and gradients, computed by `backend`.
    func run(on backend: any Backend) throws -> (outputs: [Tensor], gradients: [Tensor]) {
        let executable = try backend.compile(graph, outputs: (outputs + gradients).map { GraphOutput($0) })
        let results = try executable.run(inputs, parameters: parameters(), gradients: nil)
        try #require(results.count == outputs.count + gradients.count)
        return (Array(results.prefix(outputs.count)), Array(results.dropFirst(outputs.count)))
    }
}

/// Expects two tensors of the same shape with elements that differ by at most `tolerance` of the largest expected.
func expectClose(
    _ found: Tensor, _ expected: Tensor, _ tolerance: Double, _ what: String, floor: Double = 1e-30,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let shapes = "\(what) has shape \(found.shape), not \(expected.shape)"
    #expect(found.shape == expected.shape, "\(shapes)", sourceLocation: sourceLocation)
    let (error, scale) = zip(found.floats, expected.floats).reduce((0.0, 0.0)) { worst, pair in
        let difference = abs(Double(pair.0) - Double(pair.1))
        // Not a number fails, wherever it is.
        return (difference.isNaN ? .infinity : max(worst.0, difference), max(worst.1, abs(Double(pair.1))))
    }
    let message = "\(what) differs by \(error) of at most \(scale)"
    // The smallest floats are the floor: below them a tensor of zeros would have to be met exactly.
    #expect(error <= tolerance * scale + floor, "\(message)", sourceLocation: sourceLocation)
}
