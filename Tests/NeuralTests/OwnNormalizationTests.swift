import Neural
import Testing

/// Batch normalisation in training, with a ReLU after it or without, has kernels of our own where channels are a
/// multiple of 16: they do what the reference does, at odd sizes, far from zero, and of what is no number.
@Suite struct OwnNormalizationTests {
    /// One and several runs of pixels and parts; one, three and five times sixteen channels.
    static let shapes: [Shape] = [
        [1, 1, 1, 64], [2, 5, 7, 16], [3, 9, 11, 48], [2, 13, 15, 80], [5, 37, 31, 16], [70, 64],
    ]

    private func alone(_ x: Source, relu: Bool) throws -> DifferentiatedCase {
        let channels = x.tensor.shape.dimensions.last ?? 0
        let sources = [
            x, try Source.uniform("scale", [channels], 0.5, 1.5), try Source.normal("shift", [channels], scale: 0.2),
        ]
        var operation = OperationCase(name: "normalisation", sources: sources) { graph, values in
            let (scale, shift) = (try #require(values["scale"]), try #require(values["shift"]))
            let (y, mean, variance) = try graph.batchNormalization(#require(values["x"]), scale: scale, shift: shift)
            return [relu ? graph.relu(y) : y, mean, variance]
        }
        operation.constantOutputs = [1, 2]
        return try operation.differentiated()
    }

    private func usesOwnKernel(_ problem: DifferentiatedCase, _ backend: OneDNNBackend) throws -> Bool {
        let outputs = (problem.outputs + problem.gradients).map { GraphOutput($0) }
        let plan = try #require(try backend.compile(problem.graph, outputs: outputs) as? OneDNNExecutable)
        let steps = plan.description.filter { $0.label.hasPrefix("batchNormalization") }
        return steps.count == 2 && steps.allSatisfy(\.kernel.isEmpty)
    }

    @Test(arguments: shapes, [true, false]) func alone(_ shape: Shape, _ relu: Bool) throws {
        let problem = try alone(Source.normal("x", shape), relu: relu)
        #expect(try usesOwnKernel(problem, OneDNNBackend()))
        let (found, expected) = (try problem.run(on: OneDNNBackend()), try problem.run(on: ReferenceBackend()))
        for (index, pair) in zip(found.outputs, expected.outputs).enumerated() {
            expectClose(pair.0, pair.1, 2e-6, "output \(index)")
        }
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            // One pixel is its own mean: the image's gradient is what rounding leaves of nothing.
            expectClose(pair.0, pair.1, 2e-5, "gradient of \(name)", floor: 0.1)
        }
    }

    /// A sum of squares less the square of the sum would have lost the variance.
    @Test func farFromZero() throws {
        var x = try Source.normal("x", [4, 12, 11, 32])
        x.tensor = try Tensor(x.tensor.shape, x.tensor.floats.map { 4096 + $0 })
        let problem = try alone(x, relu: false)
        let (found, expected) = (try problem.run(on: OneDNNBackend()), try problem.run(on: ReferenceBackend()))
        expectClose(found.outputs[0], expected.outputs[0], 1e-3, "y")
        expectClose(found.outputs[1], expected.outputs[1], 1e-6, "mean")
        expectClose(found.outputs[2], expected.outputs[2], 1e-3, "variance")
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            expectClose(pair.0, pair.1, 2e-3, "gradient of \(name)")
        }
    }

    /// In the layouts and types that convolutions leave: channels last or in blocks, floats or bfloat16.
    @Test(arguments: [Precision.float32, .bfloat16], [true, false])
    func betweenConvolutions(_ precision: Precision, _ relu: Bool) throws {
        let sources = [
            try Source.normal("x", [3, 13, 15, 16]), try Source.normal("w1", [80, 16, 3, 3], scale: 0.1),
            try Source.normal("w2", [16, 80, 3, 3], scale: 0.1), try Source.uniform("scale", [80], 0.5, 1.5),
            try Source.normal("shift", [80], scale: 0.2),
        ]
        let operation = OperationCase(name: "normalisation", sources: sources) { graph, values in
            func value(_ name: String) throws -> Graph.Value { try #require(values[name]) }
            let x = try graph.convolution(value("x"), weight: value("w1"), padding: Pair(1))
            let y = try graph.batchNormalization(x, scale: value("scale"), shift: value("shift")).y
            return [try graph.convolution(relu ? graph.relu(y) : y, weight: value("w2"), padding: Pair(1))]
        }
        let problem = try operation.differentiated()
        for choice in [KernelChoice.byRule, .measured(folder: nil)] {
            let backend = OneDNNBackend(precision: precision, choice: choice)
            #expect(try usesOwnKernel(problem, backend) || !hasWideVectors)
            let (found, expected) = (try problem.run(on: backend), try problem.run(on: ReferenceBackend()))
            expectClose(found.outputs[0], expected.outputs[0], precision == .float32 ? 1e-4 : 3e-2, "output")
            for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
                // In bf16 a number near the corner of a ReLU may fall to its other side.
                expectClose(pair.0, pair.1, precision == .float32 ? 2e-4 : 0.1, "gradient of \(name)")
            }
        }
    }

    @Test func whatIsNoNumberStaysInItsChannel() throws {
        var x = try Source.normal("x", [1, 4, 4, 32])
        var floats = x.tensor.floats
        floats[5 * 32 + 7] = .nan
        x.tensor = try Tensor(x.tensor.shape, floats)
        let found = try alone(x, relu: true).run(on: OneDNNBackend())
        for (index, number) in found.outputs[0].floats.enumerated() { #expect(number.isNaN == (index % 32 == 7)) }
    }

    /// What a part adds to a sum does not depend on what ran before or beside it.
    @Test(arguments: [Precision.float32, .bfloat16]) func runsAreTheSameToTheBit(_ precision: Precision) throws {
        let problem = try alone(Source.normal("x", [5, 37, 31, 48]), relu: true)
        let first = try problem.run(on: OneDNNBackend(precision: precision))
        for _ in 0..<3 {
            let again = try problem.run(on: OneDNNBackend(precision: precision))
            #expect(again.outputs == first.outputs)
            #expect(again.gradients == first.gradients)
        }
    }
}
