import Neural
import Testing

/// Plans that store images as `bfloat16`, against PyTorch's doubles and the reference's.
///
/// A `bfloat16` has 8 bits: storing a number rounds it by up to 2^-9 of itself. A convolution's inputs, weights and
/// result are rounded once each, and errors of many products mostly cancel: 2e-2 of the largest element is more than
/// any of these cases needs, and far less than any mistake makes.
@Suite struct PrecisionTests {
    private static let tolerance = 2e-2
    private static let half = OneDNNBackend(precision: .bfloat16)

    @Test(arguments: Fixture.all.filter { $0.name.hasPrefix("conv") })
    func convolutionsComeNearPyTorch(_ fixture: Fixture) throws {
        let problem = try fixture.differentiated()
        let found = try problem.run(on: Self.half)
        for (path, output) in zip(fixture.outputs, found.outputs) {
            expectClose(output, try #require(Fixture.tensors[path]), Self.tolerance, path)
        }
        for (source, gradient) in zip(problem.differentiable, found.gradients) {
            let path = try #require(fixture.gradients?["\(fixture.name)/\(source)"])
            expectClose(gradient, try #require(Fixture.tensors[path]), Self.tolerance, path)
        }
    }

    /// Blocks as residual networks have them, in training and in inference.
    @Test(arguments: [true, false]) func residualBlock(isTraining: Bool) throws {
        let sources = [
            try Source.normal("x", [2, 10, 12, 16]), try Source.normal("w1", [32, 16, 3, 3], scale: 0.1),
            try Source.normal("w2", [32, 32, 3, 3], scale: 0.1), try Source.normal("w3", [32, 16, 1, 1], scale: 0.3),
            try Source.uniform("scale", [32], 0.5, 1.5), try Source.normal("shift", [32], scale: 0.1),
            try Source.normal("mean", [32], scale: 0.1).constant,
            try Source.uniform("variance", [32], 0.5, 1.5).constant,
        ]
        let operation = OperationCase(name: "block", sources: sources) { graph, values in
            func value(_ name: String) throws -> Graph.Value { try #require(values[name]) }
            func normalized(_ x: Graph.Value) throws -> Graph.Value {
                let (scale, shift) = (try value("scale"), try value("shift"))
                return isTraining
                    ? try graph.batchNormalization(x, scale: scale, shift: shift).y
                    : try graph.batchNormalization(
                        x, scale: scale, shift: shift, mean: value("mean"), variance: value("variance"))
            }
            // A smooth function: rounding must not decide on which side of a corner a number falls.
            let y = graph.unary(
                .silu,
                try normalized(graph.convolution(value("x"), weight: value("w1"), stride: Pair(2), padding: Pair(1))))
            let z = try normalized(graph.convolution(y, weight: value("w2"), padding: Pair(1)))
            let short = try graph.convolution(value("x"), weight: value("w3"), stride: Pair(2))
            let sum = graph.unary(.silu, try graph.add(z, short))
            return [try graph.reduce(.mean, sum, axes: [1, 2])]
        }
        let problem = try operation.differentiated()
        let expected = try problem.run(on: ReferenceBackend())
        let found = try problem.run(on: Self.half)
        expectClose(found.outputs[0], expected.outputs[0], Self.tolerance, "output")
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            expectClose(pair.0, pair.1, 3 * Self.tolerance, "gradient of \(name)")
        }
        // Where the processor has it, every convolution runs in it.
        let outputs = (problem.outputs + problem.gradients).map { GraphOutput($0) }
        let plan = try #require(try Self.half.compile(problem.graph, outputs: outputs) as? OneDNNExecutable)
        let kernels = plan.description.filter { $0.operations > 0 }.map(\.kernel)
        #expect(!kernels.isEmpty)
        #expect(
            !OneDNNBackend.hasBFloat16 || kernels.allSatisfy { $0.contains("bf16") || $0.contains("amx") }, "\(kernels)"
        )
    }

    /// Images without whole blocks of channels are normalised in single precision.
    @Test func oddChannels() throws {
        let operation = OperationCase(
            name: "odd",
            sources: [
                try Source.normal("x", [3, 6, 5, 16]), try Source.normal("w", [20, 16, 1, 1], scale: 0.3),
                try Source.uniform("scale", [20], 0.5, 1.5), try Source.normal("shift", [20], scale: 0.1),
            ]
        ) { graph, values in
            func value(_ name: String) throws -> Graph.Value { try #require(values[name]) }
            let y = try graph.convolution(value("x"), weight: value("w"))
            let z = try graph.batchNormalization(y, scale: value("scale"), shift: value("shift")).y
            return [try graph.reduce(.mean, graph.unary(.silu, z), axes: [1, 2])]
        }
        let problem = try operation.differentiated()
        let expected = try problem.run(on: ReferenceBackend())
        let found = try problem.run(on: Self.half)
        expectClose(found.outputs[0], expected.outputs[0], Self.tolerance, "output")
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            expectClose(pair.0, pair.1, 3 * Self.tolerance, "gradient of \(name)")
        }
    }

    /// Against NumPy's rounding of floats to 8 bits: ties to even, infinities kept, no number stays no number.
    @Test func frameBytesAreRoundedToNearest() throws {
        var graph = Graph()
        let frames = try graph.input("frames", TensorType([1, 16, 16, 3], .uint8))
        let x = try graph.normalizeFrames(
            frames, scale: [1 / 58.395, 1 / 57.12, 1 / 57.375], shift: [-2.1, -2.0, -1.8])
        let identity = try graph.parameter(Parameter("w", [3, 3, 1, 1], initializer: .constant(0)))
        let y = try graph.convolution(x, weight: identity)
        let parameters = try ParameterBuffer(graph.parameters)
        try parameters.set("w", to: Tensor([3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1] as [Float]))
        let bytes = (0..<768).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let inputs = ["frames": try Tensor([1, 16, 16, 3], bytes)]
        let plain = try OneDNNBackend().compile(graph, outputs: [GraphOutput(x)]).run(
            inputs, parameters: parameters, gradients: nil)[0].floats
        let rounded = try Self.half.compile(graph, outputs: [GraphOutput(y)]).run(
            inputs, parameters: parameters, gradients: nil)[0].floats
        for (value, found) in zip(plain, rounded) {
            #expect(abs(found - value) <= abs(value) / 256 + 1e-30, "\(value) became \(found)")
        }
    }

    @Test func automaticIsWhatTheProcessorHas() {
        let precision = OneDNNBackend(precision: .automatic).precision
        #expect(precision == (OneDNNBackend.hasBFloat16 ? .bfloat16 : .float32))
        #expect(OneDNNBackend().precision == .float32)
    }
}
