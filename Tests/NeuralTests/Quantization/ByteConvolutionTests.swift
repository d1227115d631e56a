import Neural
import Testing

/// Convolutions of bytes, against the reference's doubles on numbers that were rounded to the same steps.
@Suite struct ByteConvolutionTests {
    struct Shapes: Sendable, CustomTestStringConvertible {
        var ins = 16
        var outs = 32
        var kernel = 3
        var stride = 1
        var padding = 1
        var groups = 1
        var activation: Unary? = .relu
        var isSigned = false
        var hasBias = true
        var testDescription: String {
            "\(ins) to \(outs), \(kernel)x\(kernel), stride \(stride), padding \(padding), groups \(groups), "
                + "\(activation.map { "\($0)" } ?? "no function"), \(isSigned ? "signed" : "unsigned")"
        }
    }

    static let shapes = [
        Shapes(), Shapes(isSigned: true), Shapes(ins: 32, outs: 48, kernel: 1, padding: 0, activation: nil),
        Shapes(ins: 24, outs: 20, stride: 2, activation: .relu6),
        Shapes(ins: 3, outs: 8, kernel: 7, stride: 2, padding: 3),
        Shapes(ins: 32, outs: 32, groups: 32, activation: .relu6),
        Shapes(ins: 32, outs: 32, stride: 2, groups: 32, isSigned: true),
        Shapes(ins: 8, outs: 16, activation: .silu, hasBias: false),
        Shapes(ins: 16, outs: 16, activation: .gelu, isSigned: true),
    ]

    /// The step of each output channel that lets a byte hold its largest weight.
    private static func steps(_ weights: Tensor) -> [Float] {
        let size = weights.shape.elementCount / weights.shape[0]
        let numbers = weights.floats
        return (0..<weights.shape[0]).map { channel in
            (numbers[channel * size..<(channel + 1) * size].map(abs).max() ?? 1) / 127
        }
    }

    private static func rounded(_ weights: Tensor, _ steps: [Float]) throws -> Tensor {
        let size = weights.shape.elementCount / weights.shape[0]
        return try Tensor(
            weights.shape,
            weights.floats.enumerated().map { index, weight in
                (weight / steps[index / size]).rounded(.toNearestOrEven) * steps[index / size]
            })
    }

    private static func rounded(_ image: Tensor, _ interval: Quantization.Interval) throws -> Tensor {
        let (low, high): (Float, Float) = interval.isSigned ? (-128, 127) : (0, 255)
        return try Tensor(
            image.shape,
            image.floats.map {
                min(max(($0 / interval.step).rounded(.toNearestOrEven), low), high) * interval.step
            })
    }

    private func run(
        _ graph: Graph, _ output: Graph.Value, _ backend: any Backend, _ inputs: [String: Tensor],
        _ weights: [String: Tensor]
    ) throws -> Tensor {
        let parameters = try ParameterBuffer(graph.parameters)
        for (name, tensor) in weights { try parameters.set(name, to: tensor) }
        return try backend.compile(graph, outputs: [GraphOutput(output)])
            .run(inputs, parameters: parameters, gradients: nil)[0]
    }

    @Test(.enabled(if: OneDNNBackend.hasInt8), arguments: shapes) func single(_ s: Shapes) throws {
        let shape: Shape = [2, 11, 13, s.ins]
        // Some lie outside what the bytes hold.
        let x = try s.isSigned ? Source.normal("x", shape).tensor : Source.uniform("x", shape, 0, 3).tensor
        let interval = Quantization.Interval(low: s.isSigned ? -2 : 0, high: 2.5)
        let w = try Source.normal("w", [s.outs, s.ins / s.groups, s.kernel, s.kernel], scale: 0.1).tensor
        let b = try Source.normal("b", [s.outs]).tensor
        var graph = Graph()
        let input = try graph.input("x", x.type)
        let weight = try graph.parameter(Parameter("w", w.shape, initializer: .constant(0)))
        let bias = try graph.parameter(Parameter("b", b.shape, initializer: .constant(0)))
        var y = try graph.convolution(
            input, weight: weight, bias: s.hasBias ? bias : nil, stride: Pair(s.stride), padding: Pair(s.padding),
            groups: s.groups)
        if let activation = s.activation { y = graph.unary(activation, y) }
        let steps = Self.steps(w)
        let quantization = Quantization(layers: ["w": Quantization.Layer(input: interval, weightSteps: steps)])
        let backend = OneDNNBackend(precision: .int8, quantization: quantization)
        let expected = try run(
            graph, y, ReferenceBackend(), ["x": Self.rounded(x, interval)], ["w": Self.rounded(w, steps), "b": b])
        let found = try run(graph, y, backend, ["x": x], ["w": w, "b": b])
        expectClose(found, expected, 1e-5, "\(s)")
        #expect(try ways(backend, graph, y).allSatisfy { $0.hasPrefix("bytes") })
    }

    private func ways(_ backend: OneDNNBackend, _ graph: Graph, _ output: Graph.Value) throws -> [String] {
        let plan = try #require(
            try backend.compile(graph, outputs: [GraphOutput(output)]) as? OneDNNExecutable)
        let ways = plan.description.filter { $0.operations > 0 }.map(\.way)
        #expect(!ways.isEmpty)
        return ways
    }

    /// Bytes from layer to layer: a pooling, a shortcut of bytes with a sign, and a sum in floats at the end.
    @Test func block() throws {
        var graph = Graph()
        let x = try Source.uniform("x", [2, 12, 14, 16], 0, 2).tensor
        let input = try graph.input("x", x.type)
        var weights: [String: Tensor] = [:]
        func convolve(_ name: String, _ value: Graph.Value, _ out: Int, _ kernel: Int) throws -> Graph.Value {
            let shape: Shape = [out, graph.shape(value)[3], kernel, kernel]
            weights[name] = try Source.normal(name, shape, scale: kernel == 1 ? 0.2 : 0.08).tensor
            return try graph.convolution(
                value, weight: graph.parameter(Parameter(name, shape, initializer: .constant(0))),
                padding: Pair(kernel / 2))
        }
        let first = graph.relu(try convolve("w1", input, 32, 3))
        let pooled = try graph.pooling(.maximum, first, kernel: Pair(3), stride: Pair(2), padding: Pair(1))
        let inner = graph.relu(try convolve("w2", pooled, 48, 3))
        let outer = try convolve("w3", inner, 48, 3)
        let short = try convolve("w4", pooled, 48, 1)
        let sum = graph.relu(try graph.add(outer, short))
        let last = graph.relu(try graph.add(convolve("w5", sum, 48, 3), sum))
        let y = try graph.reduce(.mean, last, axes: [1, 2])

        let parameters = try ParameterBuffer(graph.parameters)
        for (name, tensor) in weights { try parameters.set(name, to: tensor) }
        let calibration = try Calibration(
            graph, outputs: [y], parameters: parameters, backend: ReferenceBackend())
        try calibration.observe(["x": x])
        let quantization = try calibration.quantization(share: 1)
        #expect(quantization.layers.count == 5)
        #expect(quantization.layers.values.count { $0.residual != nil } == 2)
        #expect(quantization.layers["w3"]?.residual?.isSigned == true)
        let backend = OneDNNBackend(precision: .int8, quantization: quantization)
        let expected = try run(graph, y, ReferenceBackend(), ["x": x], weights)
        let found = try run(graph, y, backend, ["x": x], weights)
        // Measured: 4e-3 of the largest. A wrong step, sign or sum is off by tenths.
        expectClose(found, expected, 1.5e-2, "block")
        #expect(try ways(backend, graph, y).allSatisfy { $0.hasPrefix("bytes") })
    }

    /// Bytes of frames go in as they are. What rounding the weights can do is known for every place, and padding that
    /// was not that of normalised frames would do far more, since the shifts are large.
    @Test(.enabled(if: OneDNNBackend.hasInt8), arguments: [(7, 2, 3), (3, 1, 1), (3, 1, 0)]) func frames(
        _ kernel: Int, _ stride: Int, _ padding: Int
    ) throws {
        var random = TestRandom("frames")
        let size: Shape = [2, 19, 23, 3]
        let bytes = (0..<size.elementCount).map { _ in UInt8(random.uniform() * 256) }
        let frames = try Tensor(size, bytes)
        let (scale, shift): ([Float], [Float]) = ([1 / 58.4, 1 / 57.1, 1 / 40], [-2.1, 6, -5])
        var graph = Graph()
        let input = try graph.input("frames", frames.type)
        let normalized = try graph.normalizeFrames(input, scale: scale, shift: shift)
        let w = try Source.normal("w", [16, 3, kernel, kernel], scale: 0.2).tensor
        let weight = try graph.parameter(Parameter("w", w.shape, initializer: .constant(0)))
        let y = try graph.convolution(normalized, weight: weight, stride: Pair(stride), padding: Pair(padding))
        let parameters = try ParameterBuffer(graph.parameters)
        try parameters.set("w", to: w)
        let calibration = try Calibration(graph, outputs: [y], parameters: parameters, backend: ReferenceBackend())
        try calibration.observe(["frames": frames])
        let quantization = try calibration.quantization(share: 1)
        let layer = try #require(quantization.layers["w"])
        #expect(layer.input == nil)
        let backend = OneDNNBackend(precision: .int8, quantization: quantization)
        let expected = try run(graph, y, ReferenceBackend(), ["frames": frames], ["w": w])
        let found = try run(graph, y, backend, ["frames": frames], ["w": w])
        let (height, width) = (expected.shape[1], expected.shape[2])
        for (index, pair) in zip(found.floats, expected.floats).enumerated() {
            let (o, column, row) = (index % 16, index / 16 % width, index / 16 / width % height)
            let image = index / 16 / width / height
            // Half a step for each weight, times the bytes that it meets.
            var bound: Float = 1e-3
            for ky in 0..<kernel {
                for kx in 0..<kernel {
                    let (iy, ix) = (row * stride + ky - padding, column * stride + kx - padding)
                    guard (0..<19).contains(iy), (0..<23).contains(ix) else { continue }
                    let place = ((image * 19 + iy) * 23 + ix) * 3
                    let sum = bytes[place..<place + 3].reduce(Float(255)) { $0 + Float($1) }
                    bound += sum * layer.weightSteps[o] / 2
                }
            }
            guard abs(pair.0 - pair.1) <= bound else {
                Issue.record("[\(image), \(row), \(column), \(o)]: \(pair.0), not \(pair.1), bound \(bound)")
                return
            }
        }
        #expect(try ways(backend, graph, y).allSatisfy { $0.hasPrefix("bytes") })
    }

    /// New weights are brought to bytes again; a plan that trains is in floats.
    @Test func parametersThatChange() throws {
        let s = Shapes()
        let x = try Source.uniform("x", [1, 6, 7, s.ins], 0, 1).tensor
        var graph = Graph()
        let input = try graph.input("x", x.type)
        let shape: Shape = [s.outs, s.ins, 3, 3]
        let weight = try graph.parameter(Parameter("w", shape, initializer: .constant(0)))
        let y = try graph.convolution(input, weight: weight, padding: Pair(1))
        let quantization = Quantization(layers: [
            "w": Quantization.Layer(
                input: Quantization.Interval(low: 0, high: 1), weightSteps: [Float](repeating: 0.01, count: s.outs))
        ])
        let parameters = try ParameterBuffer(graph.parameters)
        let plan = try OneDNNBackend(precision: .int8, quantization: quantization)
            .compile(graph, outputs: [GraphOutput(y)])
        for value in [Float(0.25), -0.5] {
            let w = try Tensor(shape, [Float](repeating: value, count: shape.elementCount))
            try parameters.set("w", to: w)
            let found = try plan.run(["x": x], parameters: parameters, gradients: nil)[0]
            expectClose(found, try run(graph, y, ReferenceBackend(), ["x": x], ["w": w]), 1e-2, "\(value)")
        }
        let sum = try graph.reduce(.sum, y, axes: [0, 1, 2, 3])
        let gradient = try graph.gradients(of: sum, withRespectTo: [weight])[0]
        let training = try #require(
            try OneDNNBackend(precision: .int8, quantization: quantization)
                .compile(graph, outputs: [GraphOutput(gradient), GraphOutput(sum)]) as? OneDNNExecutable)
        #expect(training.description.allSatisfy { !$0.way.hasPrefix("bytes") })
    }

    @Test func precision() {
        let none = OneDNNBackend(precision: .int8)
        #expect(none.precision == (OneDNNBackend.hasBFloat16 ? .bfloat16 : .float32) && none.quantization == nil)
        let some = Quantization(layers: [:])
        #expect(OneDNNBackend(precision: .int8, quantization: some).precision == .int8)
        #expect(OneDNNBackend(precision: .float32, quantization: some).precision == .float32)
        #expect(OneDNNBackend(precision: .float32, quantization: some).quantization == nil)
        let automatic = OneDNNBackend(precision: .automatic, quantization: some)
        #expect((automatic.precision == .int8) == OneDNNBackend.hasInt8)
    }
}
