import Neural
import Testing

/// Maximum pooling whose windows lie side by side has kernels of our own: they do what the reference does, at odd sizes, of
/// equal numbers, and of what is no number.
@Suite struct TiledPoolingTests {
    struct Shapes: Sendable, CustomTestStringConvertible {
        var input: Shape
        var kernel: Pair
        var testDescription: String { "\(input) by \(kernel.height)x\(kernel.width)" }
    }

    static let shapes = [
        Shapes(input: [2, 8, 6, 16], kernel: Pair(2)), Shapes(input: [1, 7, 9, 48], kernel: Pair(2)),
        Shapes(input: [3, 11, 5, 32], kernel: Pair(height: 3, width: 2)),
        Shapes(input: [2, 4, 13, 16], kernel: Pair(height: 1, width: 4)),
    ]

    private func numbers(_ shape: Shape) throws -> Source {
        // Few different ones, so that many windows have several largest: they count for the first.
        var source = try Source.uniform("x", shape, -3, 3)
        source.tensor = try Tensor(shape, source.tensor.floats.map { $0.rounded() })
        return source
    }

    private func usesOwnKernel(_ problem: DifferentiatedCase, _ backend: OneDNNBackend) throws -> Bool {
        let outputs = (problem.outputs + problem.gradients).map { GraphOutput($0) }
        let plan = try #require(try backend.compile(problem.graph, outputs: outputs) as? OneDNNExecutable)
        let steps = plan.description.filter { $0.label.hasPrefix("pooling") }
        return !steps.isEmpty && steps.allSatisfy(\.kernel.isEmpty)
    }

    @Test(arguments: shapes) func alone(_ shapes: Shapes) throws {
        let problem = try OperationCase(name: "pooling", sources: [numbers(shapes.input)]) { graph, values in
            [try graph.pooling(.maximum, #require(values["x"]), kernel: shapes.kernel, stride: shapes.kernel)]
        }.differentiated()
        #expect(try usesOwnKernel(problem, OneDNNBackend()))
        let expected = try problem.run(on: ReferenceBackend())
        let found = try problem.run(on: OneDNNBackend())
        #expect(found.outputs[0] == expected.outputs[0])
        #expect(found.gradients[0] == expected.gradients[0])
    }

    /// In the layouts and types that convolutions leave: channels last or in blocks, floats or bfloat16.
    @Test(arguments: [Precision.float32, .bfloat16], [true, false])
    func betweenConvolutions(_ precision: Precision, _ isTraining: Bool) throws {
        let sources = [
            try Source.normal("x", [2, 13, 15, 16]), try Source.normal("w1", [32, 16, 3, 3], scale: 0.1),
            try Source.normal("w2", [16, 32, 3, 3], scale: 0.1),
        ]
        let operation = OperationCase(name: "pooling", sources: sources) { graph, values in
            let (w1, w2) = (try #require(values["w1"]), try #require(values["w2"]))
            let x = try graph.convolution(#require(values["x"]), weight: w1, padding: Pair(1))
            let y = try graph.pooling(.maximum, x, kernel: Pair(2), stride: Pair(2))
            return [try graph.convolution(y, weight: w2, padding: Pair(1))]
        }
        var problem = try operation.differentiated()
        if !isTraining {
            var plain = operation
            plain.constantOutputs = [0]
            problem = try plain.differentiated()
        }
        for choice in [KernelChoice.byRule, .measured(folder: nil)] {
            let backend = OneDNNBackend(precision: precision, choice: choice)
            #expect(try usesOwnKernel(problem, backend) || !hasWideVectors)
            let (found, expected) = (try problem.run(on: backend), try problem.run(on: ReferenceBackend()))
            let tolerance = precision == .float32 ? 6e-5 : 3e-2
            expectClose(found.outputs[0], expected.outputs[0], tolerance, "output")
            for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
                // In bf16 another of two numbers that are nearly the same may be the larger.
                expectClose(pair.0, pair.1, precision == .float32 ? 1e-4 : 0.3, "gradient of \(name)")
            }
        }
    }

    @Test(arguments: [Float.nan, -Float.nan]) func whatIsNoNumberStays(_ none: Float) throws {
        var source = try numbers([1, 4, 4, 16])
        var floats = source.tensor.floats
        for place in [0, 16 * 3 + 2, 16 * 5 + 5] { floats[place] = none }
        source.tensor = try Tensor([1, 4, 4, 16], floats)
        let operation = OperationCase(name: "pooling", sources: [source.constant]) { graph, values in
            [try graph.pooling(.maximum, #require(values["x"]), kernel: Pair(2), stride: Pair(2))]
        }
        let found = try operation.differentiated().run(on: OneDNNBackend()).outputs[0].floats
        #expect(found.indices.filter { found[$0].isNaN } == [0, 5, 16 + 2])
        let identity = try Source.normal("w", [16, 16, 1, 1])
        let mixed = OperationCase(name: "pooling", sources: [source.constant, identity.constant]) { graph, values in
            let x = try graph.convolution(#require(values["x"]), weight: #require(values["w"]))
            return [try graph.pooling(.maximum, x, kernel: Pair(2), stride: Pair(2))]
        }
        // A convolution spreads it to all channels of a pixel: those windows, and no others.
        let half = try mixed.differentiated().run(on: OneDNNBackend(precision: .bfloat16)).outputs[0].floats
        // The library's own pooling of bf16 for narrow vectors takes the larger by a comparison that nothing passes.
        withKnownIssue("what is no number is lost without wide vectors", isIntermittent: true) {
            for (index, number) in half.enumerated() { #expect(number.isNaN == (index < 32), "\(index)") }
        } when: {
            !hasWideVectors
        }
    }
}
