import Neural
import Testing

/// Convolutions with whole blocks of 16 channels, which oneDNN 2.x runs by Winograd's F(4x4, 3x3) on processors with
/// AVX-512, against the reference's doubles; and what the plan does around them.
///
/// Winograd's algorithm brings each 6x6 tile to a basis with factors of up to 8, and back: numbers that cancel there
/// are larger than the result, so that its rounding is some ten times that of the definition (Lavin & Gray 2016, and
/// Barabasz et al. 2020 for why). Measured here, single convolutions come within 5e-6 of the largest element, and the
/// chain, in which the layers' errors add up, within 1.5e-5: the bounds are four times that.
@Suite struct WinogradTests {
    private static let single = 2e-5
    private static let chained = 6e-5

    struct Layer: Sendable, CustomTestStringConvertible {
        var size: (height: Int, width: Int)
        var ins: Int
        var outs: Int
        var padding: Int
        var testDescription: String { "\(size.height)x\(size.width), \(ins) to \(outs), padding \(padding)" }
    }

    /// Sides that are whole tiles of 4, that are not, and that are smaller than one.
    static let layers: [Layer] = [
        Layer(size: (8, 12), ins: 16, outs: 16, padding: 1), Layer(size: (7, 10), ins: 16, outs: 32, padding: 1),
        Layer(size: (13, 9), ins: 48, outs: 32, padding: 1), Layer(size: (9, 14), ins: 32, outs: 48, padding: 0),
        Layer(size: (6, 11), ins: 48, outs: 16, padding: 0), Layer(size: (3, 2), ins: 32, outs: 16, padding: 1),
        Layer(size: (3, 5), ins: 16, outs: 48, padding: 0), Layer(size: (1, 7), ins: 16, outs: 16, padding: 1),
    ]

    private static func sources(_ layer: Layer, batch: Int = 2) throws -> [Source] {
        [
            try .normal("x", [batch, layer.size.height, layer.size.width, layer.ins]),
            try .normal("w", [layer.outs, layer.ins, 3, 3], scale: 0.2), try .normal("b", [layer.outs]),
        ]
    }

    /// Compares outputs and gradients with the reference's, with and without fusion.
    private func compare(_ operation: OperationCase, _ tolerance: Double) throws {
        let problem = try operation.differentiated()
        let expected = try problem.run(on: ReferenceBackend())
        let measured = OneDNNBackend(fuses: true, choice: .measured(folder: nil))
        for (fuses, backend) in [(true, OneDNNBackend()), (false, OneDNNBackend(fuses: false)), (true, measured)] {
            let found = try problem.run(on: backend)
            for (index, pair) in zip(found.outputs, expected.outputs).enumerated() {
                expectClose(pair.0, pair.1, tolerance, "output \(index), fused \(fuses)")
            }
            for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
                expectClose(pair.0, pair.1, tolerance, "gradient of \(name), fused \(fuses)")
            }
        }
    }

    @Test(arguments: layers, [false, true])
    func convolutionAndGradients(_ layer: Layer, _ hasBias: Bool) throws {
        let sources = try Self.sources(layer).dropLast(hasBias ? 0 : 1)
        try compare(
            ExtraCases.one("convolution", Array(sources)) { graph, x in
                try graph.convolution(
                    x[0], weight: x[1], bias: hasBias ? x[2] : nil, padding: Pair(layer.padding))
            }, Self.single)
    }

    /// What inference fuses: bias, a residual on either side, and an activation.
    @Test(arguments: layers, [Unary.relu, .relu6, .silu])
    func residualAndActivation(_ layer: Layer, _ activation: Unary) throws {
        var sources = try Self.sources(layer)
        let shrinkage = 2 - 2 * layer.padding
        let shape: Shape = [2, layer.size.height - shrinkage, layer.size.width - shrinkage, layer.outs]
        sources.append(try .normal("r", shape))
        try compare(
            ExtraCases.one("residual", sources) { graph, x in
                let y = try graph.convolution(x[0], weight: x[1], bias: x[2], padding: Pair(layer.padding))
                return graph.unary(activation, try layer.ins > 16 ? graph.add(y, x[3]) : graph.add(x[3], y))
            }, Self.single)
    }

    /// Layers of the kinds of a residual network, one after the other, in training.
    @Test func chain() throws {
        var sources = [try Source.normal("x", [2, 19, 22, 16])]
        func add(_ name: String, _ shape: Shape) throws {
            sources.append(
                try .normal(name, shape, scale: shape.rank == 1 ? 0.3 : 0.15, shift: shape.rank == 1 ? 1 : 0))
        }
        try add("w1", [32, 16, 3, 3])
        try add("w2", [32, 32, 3, 3])
        try add("w3", [48, 32, 1, 1])
        try add("w4", [48, 48, 3, 3])
        try add("w5", [48, 32, 1, 1])
        try add("w6", [16, 48, 3, 3])
        for (name, channels) in [("1", 32), ("2", 32), ("4", 48)] {
            try add("scale\(name)", [channels])
            try add("shift\(name)", [channels])
        }
        let names = sources.map(\.name)
        try compare(
            OperationCase(name: "chain", sources: sources) { graph, values in
                let v = Dictionary(uniqueKeysWithValues: try names.map { ($0, try #require(values[$0])) })
                func value(_ name: String) throws -> Graph.Value { try #require(v[name]) }
                func normalized(_ x: Graph.Value, _ name: String) throws -> Graph.Value {
                    try graph.batchNormalization(x, scale: value("scale" + name), shift: value("shift" + name)).y
                }
                var x = try graph.convolution(value("x"), weight: value("w1"), padding: Pair(1))
                x = graph.unary(.silu, try normalized(x, "1"))
                let short = try graph.convolution(x, weight: value("w5"), stride: Pair(2))
                x = try graph.convolution(x, weight: value("w2"), stride: Pair(2), padding: Pair(1))
                x = graph.unary(.silu, try normalized(x, "2"))
                x = try graph.convolution(x, weight: value("w3"))
                x = try normalized(graph.convolution(x, weight: value("w4"), padding: Pair(1)), "4")
                x = graph.unary(.silu, try graph.add(x, short))
                x = try graph.pooling(.maximum, x, kernel: Pair(3), stride: Pair(2), padding: Pair(1))
                return [graph.tanh(try graph.convolution(x, weight: value("w6"), padding: Pair(1)))]
            }, Self.chained)
    }

    // MARK: Residuals

    private static let shape: Shape = [2, 7, 9, 16]
    private static let kernels = ["w1", "w2", "w3"]

    private func residualCase(
        _ name: String, residual: Source? = nil,
        _ build: @escaping @Sendable (inout Graph, Graph.Value, [Graph.Value], Graph.Value?) throws -> [Graph.Value]
    ) throws {
        let sources =
            [try Source.normal("x", Self.shape)]
            + (try Self.kernels.map { try Source.normal($0, [16, 16, 3, 3], scale: 0.1) })
            + (residual.map { [$0] } ?? [])
        let kernels = sources[1...3].map(\.name)
        try compare(
            OperationCase(name: name, sources: sources) { graph, values in
                let w = kernels.compactMap { values[$0] }
                return try build(&graph, #require(values["x"]), w, residual.flatMap { values[$0.name] })
            }, Self.chained)
    }

    /// The sum is taken onto a copy where the residual is needed afterwards.
    @Test func residualIsNeededAfterwards() throws {
        try residualCase("needed by a later step") { graph, x, w, _ in
            let r = graph.tanh(try graph.convolution(x, weight: w[0], padding: Pair(1)))
            let y = try graph.add(graph.convolution(r, weight: w[1], padding: Pair(1)), r)
            return [try graph.multiply(graph.convolution(y, weight: w[2], padding: Pair(1)), r)]
        }
        try residualCase("a result itself") { graph, x, w, _ in
            let r = graph.tanh(try graph.convolution(x, weight: w[0], padding: Pair(1)))
            return [try graph.add(graph.convolution(r, weight: w[1], padding: Pair(1)), r), r]
        }
    }

    @Test func residualIsUsedTwice() throws {
        try residualCase("by two convolutions") { graph, x, w, _ in
            let r = graph.tanh(try graph.convolution(x, weight: w[0], padding: Pair(1)))
            let first = try graph.add(graph.convolution(x, weight: w[1], padding: Pair(1)), r)
            let second = try graph.add(r, graph.convolution(x, weight: w[2], padding: Pair(1)))
            return [try graph.multiply(first, second)]
        }
        try residualCase("by the same sum twice") { graph, x, w, _ in
            let r = graph.tanh(try graph.convolution(x, weight: w[0], padding: Pair(1)))
            let y = try graph.add(graph.convolution(x, weight: w[1], padding: Pair(1)), r)
            return [graph.tanh(try graph.add(y, r))]
        }
        try residualCase("convolved and added") { graph, x, w, _ in
            let y = graph.tanh(try graph.convolution(x, weight: w[0], padding: Pair(1)))
            let z = graph.tanh(try graph.add(graph.convolution(y, weight: w[1], padding: Pair(1)), y))
            return [try graph.add(graph.convolution(z, weight: w[2], padding: Pair(1)), z)]
        }
    }

    /// An input's and a parameter's memory is the caller's.
    @Test(arguments: [false, true])
    func residualOfTheCaller(_ isParameter: Bool) throws {
        let residual = try Source.normal("residual", Self.shape)
        try residualCase("of the caller", residual: isParameter ? residual.parameter : residual) { graph, x, w, r in
            let r = try #require(r)
            return [graph.relu(try graph.add(graph.convolution(x, weight: w[0], padding: Pair(1)), r))]
        }
        var graph = Graph()
        let x = try graph.input("x", TensorType(Self.shape))
        let w = graph.fill(0.05, [16, 16, 3, 3])
        let r =
            isParameter
            ? try graph.parameter(Parameter("r", Self.shape, initializer: .constant(0)))
            : try graph.input("r", TensorType(Self.shape))
        let y = try graph.add(graph.convolution(x, weight: w, padding: Pair(1)), r)
        let parameters = try ParameterBuffer(graph.parameters)
        if isParameter { try parameters.set("r", to: residual.tensor) }
        var inputs = ["x": try Source.normal("x", Self.shape).tensor]
        if !isParameter { inputs["r"] = try Tensor(Self.shape, residual.tensor.floats.map { $0 }) }
        let plan = try OneDNNBackend().compile(graph, outputs: [GraphOutput(y)])
        let first = try plan.run(inputs, parameters: parameters, gradients: nil)
        #expect(try plan.run(inputs, parameters: parameters, gradients: nil) == first)
        #expect(try (isParameter ? parameters.tensor("r") : inputs["r"]) == residual.tensor)
    }

    // MARK: Kernels

    /// The names of the kernels that a case's plan runs, by step.
    private func kernels(_ operation: OperationCase) throws -> [String] {
        let problem = try operation.differentiated()
        let outputs = (problem.outputs + problem.gradients).map { GraphOutput($0) }
        let plan = try #require(try OneDNNBackend().compile(problem.graph, outputs: outputs) as? OneDNNExecutable)
        return plan.description.map { "\($0.label) · \($0.kernel)" }
    }

    @Test func winogradRunsWhereItIsThere() throws {
        let steps = try kernels(
            ExtraCases.one("convolution", Self.sources(Self.layers[0])) { graph, x in
                try graph.convolution(x[0], weight: x[1], bias: x[2], padding: Pair(1))
            })
        let count = steps.filter { $0.hasPrefix("convolution") && $0.contains("wino") }.count
        #expect(try count == (OneDNNBackend.hasWinograd ? 3 : 0), "\(steps)")
    }

    /// oneDNN's naive loops, a hundred times slower, are for what nothing else can do: never for a convolution of
    /// whole blocks, whatever is fused into it, nor for the other convolutions of its plan.
    @Test(arguments: layers)
    func naiveLoopsAreNotChosen(_ layer: Layer) throws {
        for activation in [Unary.relu, .silu, .gelu, .tanh] {
            let shrinkage = 2 - 2 * layer.padding
            let shape: Shape = [2, layer.size.height - shrinkage, layer.size.width - shrinkage, layer.outs]
            let sources =
                try Self.sources(layer) + [.normal("r", shape), .normal("w2", [20, layer.outs, 1, 1])]
            let steps = try kernels(
                ExtraCases.one("fused", sources) { graph, x in
                    let y = try graph.convolution(x[0], weight: x[1], bias: x[2], padding: Pair(layer.padding))
                    let z = graph.unary(activation, try graph.add(y, x[3]))
                    return try graph.convolution(z, weight: x[4], stride: Pair(2))
                })
            let naive = steps.filter { $0.hasPrefix("convolution") && $0.contains("· ref") }
            #expect(naive.isEmpty, "\(naive)")
        }
    }
}
