import Neural
import Testing

/// The first convolution of a network has a kernel of our own where the processor has wide vectors or tiles: it does
/// what the reference does, with everything that it takes along, across the strips in which it works.
@Suite struct FrameConvolutionTests {
    struct Layer: Sendable, CustomTestStringConvertible {
        var frames: Shape
        var channels = 16
        var kernel = Pair(3)
        var padding = Pair(1)
        var hasBias = true
        var activation: Unary?
        var testDescription: String {
            "\(frames), \(kernel.height)x\(kernel.width) to \(channels)"
        }
    }

    static let layers = [
        // The article's first layer, over two strips and a rest, with a row and a column that no window covers.
        Layer(frames: [2, 13, 227, 3], channels: 32, activation: .relu),
        Layer(frames: [3, 21, 30, 3], channels: 64, kernel: Pair(7), padding: Pair(3), activation: .relu6),
        // Neither square nor padded, without a bias or an activation.
        Layer(
            frames: [2, 9, 101, 3], channels: 48, kernel: Pair(height: 2, width: 5), padding: Pair(0), hasBias: false),
        Layer(frames: [1, 2, 2, 3]), Layer(frames: [2, 5, 4, 3], kernel: Pair(1), padding: Pair(0)),
    ]

    private func problem(_ layer: Layer, bytes: [UInt8]? = nil) throws -> OperationCase {
        let window: Shape = [layer.channels, 3, layer.kernel.height, layer.kernel.width]
        var frames = try Source.uniform("frames", layer.frames, 0, 256).constant
        frames.tensor = try Tensor(layer.frames, bytes ?? frames.tensor.floats.map { UInt8($0) })
        let sources = [
            frames, try Source.normal("weight", window, scale: 0.2).parameter,
            try Source.normal("bias", [layer.channels]).parameter,
        ]
        return OperationCase(name: "first layer", sources: sources) { graph, values in
            func value(_ name: String) throws -> Graph.Value { try #require(values[name]) }
            let x = try graph.normalizeFrames(
                value("frames"), scale: [0.017, 0.018, 0.019], shift: [-2.1, -2.0, -1.8])
            var y = try graph.convolution(
                x, weight: value("weight"), bias: layer.hasBias ? value("bias") : nil,
                padding: layer.padding)
            if let activation = layer.activation { y = graph.unary(activation, y) }
            return [try graph.pooling(.maximum, y, kernel: Pair(2), stride: Pair(2))]
        }
    }

    /// In which precisions there is a kernel here, by the system's own account of the processor.
    private func isThere(_ precision: Precision) -> Bool {
        let features = Set(Processor.description.split(whereSeparator: \.isWhitespace))
        let isWide = features.contains("avx512bw") && features.contains("avx512vl")
        return isWide && (precision == .float32 || features.contains("amx_tile") && features.contains("amx_bf16"))
    }

    private func usesOwnKernel(_ graph: Graph, _ outputs: [Graph.Value], _ backend: OneDNNBackend) throws -> Bool {
        let plan = try #require(
            try backend.compile(graph, outputs: outputs.map { GraphOutput($0) }) as? OneDNNExecutable)
        return plan.description.contains { $0.label.hasPrefix("convolution #") && $0.kernel.isEmpty }
    }

    private func tolerance(_ precision: Precision) -> Double { precision == .float32 ? 2e-6 : 1.5e-2 }

    @Test(arguments: layers, [Precision.float32, .bfloat16])
    func inference(_ layer: Layer, _ precision: Precision) throws {
        var operation = try problem(layer)
        operation.constantOutputs = [0]
        let problem = try operation.differentiated()
        let backend = OneDNNBackend(precision: precision)
        #expect(try usesOwnKernel(problem.graph, problem.outputs, backend) == isThere(precision))
        let (found, expected) = (try problem.run(on: backend), try problem.run(on: ReferenceBackend()))
        expectClose(found.outputs[0], expected.outputs[0], tolerance(precision), "output")
    }

    /// In training the pooling keeps where each maximum was: steps are those of the library.
    @Test func trainingIsTheLibrarys() throws {
        let problem = try problem(Self.layers[0]).differentiated()
        #expect(try !usesOwnKernel(problem.graph, problem.outputs + problem.gradients, OneDNNBackend()))
    }

    /// In the layouts that the next convolution asks for.
    @Test(arguments: [Precision.float32, .bfloat16])
    func beforeAConvolution(_ precision: Precision) throws {
        let layer = Layer(frames: [2, 14, 18, 3], channels: 32, activation: .relu)
        let first = try problem(layer)
        let second = try Source.normal("second", [16, 32, 3, 3], scale: 0.1).parameter
        var operation = OperationCase(name: "two layers", sources: first.sources + [second]) { graph, values in
            let x = try #require(try first.build(&graph, values).first)
            return [try graph.convolution(x, weight: #require(values["second"]), padding: Pair(1))]
        }
        operation.constantOutputs = [0]
        for choice in [KernelChoice.byRule, .measured(folder: nil)] {
            let backend = OneDNNBackend(precision: precision, choice: choice)
            let problem = try operation.differentiated()
            #expect(try usesOwnKernel(problem.graph, problem.outputs, backend) == isThere(precision))
            let (found, expected) = (try problem.run(on: backend), try problem.run(on: ReferenceBackend()))
            expectClose(
                found.outputs[0], expected.outputs[0], precision == .float32 ? 1e-4 : 3e-2, "output by \(choice)")
        }
    }

    /// Whoever else wants the convolution's result gets it whole.
    @Test func aResultThatOthersReadIsNotPooledAway() throws {
        let layer = Layer(frames: [2, 8, 10, 3], channels: 16, activation: .relu)
        let first = try problem(layer)
        var operation = OperationCase(name: "shared", sources: first.sources) { graph, values in
            let pooled = try #require(try first.build(&graph, values).first)
            return [pooled, graph.nodes[pooled.node].inputs[0]]
        }
        operation.constantOutputs = [0, 1]
        let problem = try operation.differentiated()
        #expect(try !usesOwnKernel(problem.graph, problem.outputs, OneDNNBackend()))
        let (found, expected) = (try problem.run(on: OneDNNBackend()), try problem.run(on: ReferenceBackend()))
        for pair in zip(found.outputs, expected.outputs) { expectClose(pair.0, pair.1, 2e-6, "shared") }
    }

    /// The library's own tile kernels run before and after ours on the same threads.
    @Test func tilesAreLeftAsTheyWere() throws {
        var operation = try problem(Layer(frames: [2, 31, 33, 3], channels: 32, activation: .relu))
        operation.constantOutputs = [0]
        let problem = try operation.differentiated()
        let backend = OneDNNBackend(precision: .bfloat16)
        let whole = try TestNetwork.operationCase().differentiated()
        let before = try whole.run(on: backend)
        let first = try problem.run(on: backend)
        let after = try whole.run(on: backend)
        #expect(before.outputs == after.outputs && before.gradients == after.gradients)
        #expect(try problem.run(on: backend).outputs == first.outputs)
    }
}
