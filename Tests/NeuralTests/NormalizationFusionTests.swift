import Neural
import Testing

/// A normalisation in training and the ReLU after it become one step, forward and back.
@Suite struct NormalizationFusionTests {
    /// Convolution, normalisation, ReLU; and what stands in the way of fusing where `isShared`.
    private func block(isShared: Bool) throws -> OperationCase {
        let sources = [
            try Source.normal("x", [3, 7, 9, 5]), try Source.normal("w1", [16, 5, 3, 3], scale: 0.3),
            try Source.normal("w2", [6, 16, 1, 1], scale: 0.3), try Source.uniform("scale", [16], 0.5, 1.5),
            try Source.normal("shift", [16], scale: 0.2),
        ]
        return OperationCase(name: "block", sources: sources) { graph, values in
            func value(_ name: String) throws -> Graph.Value { try #require(values[name]) }
            let x = try graph.convolution(value("x"), weight: value("w1"), padding: Pair(1))
            let (y, mean, variance) = try graph.batchNormalization(x, scale: value("scale"), shift: value("shift"))
            let z = try graph.convolution(graph.relu(y), weight: value("w2"))
            return [z, mean, variance] + (isShared ? [y] : [])
        }
    }

    private func fused(_ problem: DifferentiatedCase) throws -> (graph: Graph, outputs: [GraphOutput]) {
        try Fusion.apply(problem.graph, (problem.outputs + problem.gradients).map { GraphOutput($0) })
    }

    private func count(_ graph: Graph, _ outputs: [GraphOutput]) -> (forward: Int, back: Int, other: Int) {
        let live = Constants.live(graph, outputs)
        var counts = (forward: 0, back: 0, other: 0)
        for node in graph.nodes.indices where live[node] {
            switch graph.nodes[node].operation {
            case .batchNormalizationReLU: counts.forward += 1
            case .batchNormalizationReLUGradient: counts.back += 1
            case .batchNormalization, .batchNormalizationGradient, .unary(.relu), .unaryGradient(.relu):
                counts.other += 1
            default: break
            }
        }
        return counts
    }

    @Test func bothDirectionsAreOneStep() throws {
        var operation = try block(isShared: false)
        operation.constantOutputs = [1, 2]
        let problem = try operation.differentiated()
        let (graph, outputs) = try fused(problem)
        #expect(count(graph, outputs) == (1, 1, 0))
        let expected = try problem.run(on: ReferenceBackend())
        let parameters = try problem.parameters()
        let reference = try ReferenceBackend().compile(graph, outputs: outputs).run(
            problem.inputs, parameters: parameters, gradients: nil)
        for (index, pair) in zip(reference, expected.outputs + expected.gradients).enumerated() {
            expectClose(pair.0, pair.1, 1e-6, "the reference's fused output \(index)")
        }
        for precision in [Precision.float32, .bfloat16] {
            let found = try problem.run(on: OneDNNBackend(precision: precision))
            // In bf16 a number near the corner may fall to its other side.
            let tolerance = precision == .float32 ? 1e-5 : 5e-2
            for (index, pair) in zip(found.outputs, expected.outputs).enumerated() {
                expectClose(pair.0, pair.1, tolerance, "output \(index) in \(precision)")
            }
            guard precision == .float32 else { continue }
            for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
                expectClose(pair.0, pair.1, 1e-4, "gradient of \(name)")
            }
        }
    }

    @Test func aResultThatOthersReadStaysWhole() throws {
        var operation = try block(isShared: true)
        operation.constantOutputs = [1, 2]
        let problem = try operation.differentiated()
        let (graph, outputs) = try fused(problem)
        #expect(count(graph, outputs) == (0, 0, 4))
        let (found, expected) = (try problem.run(on: OneDNNBackend()), try problem.run(on: ReferenceBackend()))
        for pair in zip(found.outputs + found.gradients, expected.outputs + expected.gradients) {
            expectClose(pair.0, pair.1, 1e-4, "shared")
        }
    }
}
