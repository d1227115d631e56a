import Neural
import Testing

/// What a oneDNN plan does beside computing: keeps weights prepared, repeats itself, fuses, and says what is missing.
@Suite struct OneDNNPlanTests {
    /// A residual network with a channel count that is no multiple of a vector's width, and its gradients.
    private static func network(training: Bool, channels: Int = 16) throws -> (Graph, [GraphOutput], [String: Tensor]) {
        var graph = Graph()
        let frames = try graph.input("frames", TensorType([3, 13, 11, 3], .uint8))
        var x = try graph.normalizeFrames(frames, scale: [0.01, 0.02, 0.015], shift: [-1, -2, -1.5])
        func weight(_ name: String, _ shape: Shape, trainable: Bool = true) throws -> Graph.Value {
            try graph.parameter(Parameter(name, shape, isTrainable: trainable, initializer: .constant(0)))
        }
        func layer(_ x: Graph.Value, _ name: String, _ size: Int, _ input: Int) throws -> Graph.Value {
            let y = try graph.convolution(
                x, weight: weight("\(name).weight", [channels, input, size, size]), padding: Pair(size / 2))
            let (scale, shift) = (try weight("\(name).scale", [channels]), try weight("\(name).shift", [channels]))
            guard !training else { return try graph.batchNormalization(y, scale: scale, shift: shift).y }
            return try graph.batchNormalization(
                y, scale: scale, shift: shift, mean: weight("\(name).mean", [channels], trainable: false),
                variance: weight("\(name).variance", [channels], trainable: false))
        }
        x = graph.relu(try layer(x, "first", 3, 3))
        x = try graph.pooling(.maximum, x, kernel: Pair(3), stride: Pair(2), padding: Pair(1))
        let inner = graph.relu(try layer(x, "inner", 3, channels))
        x = graph.relu(try graph.add(layer(inner, "outer", 1, channels), x))
        x = graph.relu(
            try graph.convolution(
                x, weight: weight("last.weight", [5, channels, 3, 3]), bias: weight("last.bias", [5])))
        x = try graph.pooling(.maximum, x, kernel: Pair(2))
        x = try graph.reduce(.mean, x, axes: [1, 2])
        let y = try graph.dense(x, weight: weight("dense.weight", [4, 5]), bias: weight("dense.bias", [4]))
        var outputs = [GraphOutput(y)]
        if training {
            let names = graph.parameters.filter(\.isTrainable)
            let values = try names.map { try graph.parameter($0) }
            let dy = try graph.input("dy", graph.type(y))
            outputs += try zip(names, graph.gradients(of: [(y, dy)], withRespectTo: values)).map {
                GraphOutput($1, .accumulate($0.name))
            }
        }
        var random = TestRandom("frames")
        var inputs = [
            "frames": try Tensor([3, 13, 11, 3], (0..<3 * 13 * 11 * 3).map { _ in UInt8(random.uniform() * 255) })
        ]
        if training { inputs["dy"] = try Source.normal("dy", [3, 4]).tensor }
        return (graph, outputs, inputs)
    }

    private static func parameters(_ graph: Graph) throws -> ParameterBuffer {
        let buffer = try ParameterBuffer(graph.parameters)
        for parameter in graph.parameters {
            let isVariance = parameter.name.hasSuffix("variance")
            let source =
                isVariance
                ? try Source.uniform(parameter.name, parameter.shape, 0.5, 2)
                : try Source.normal(parameter.name, parameter.shape, scale: 0.3, shift: 0.1)
            try buffer.set(parameter.name, to: source.tensor)
        }
        return buffer
    }

    @Test(arguments: [false, true], [16, 7])
    func matchesReference(_ training: Bool, _ channels: Int) throws {
        let (graph, outputs, inputs) = try Self.network(training: training, channels: channels)
        let parameters = try Self.parameters(graph)
        func run(_ backend: any Backend) throws -> ([Tensor], ParameterBuffer) {
            let gradients = try parameters.zeros()
            let results = try backend.compile(graph, outputs: outputs)
                .run(inputs, parameters: parameters, gradients: gradients)
            return (results, gradients)
        }
        let (expected, expectedGradients) = try run(ReferenceBackend())
        for backend in [OneDNNBackend(fuses: true), OneDNNBackend(fuses: false)] {
            let (found, gradients) = try run(backend)
            expectClose(found[0], expected[0], 2e-5, "output, fused \(backend.fuses)")
            for parameter in graph.parameters where training {
                try expectClose(
                    gradients.tensor(parameter.name), expectedGradients.tensor(parameter.name), 1e-4,
                    "\(parameter.name), fused \(backend.fuses)")
            }
        }
    }

    @Test func repeatsItself() throws {
        let (graph, outputs, inputs) = try Self.network(training: true)
        let parameters = try Self.parameters(graph)
        let plan = try OneDNNBackend().compile(graph, outputs: outputs)
        let (first, second) = (try parameters.zeros(), try parameters.zeros())
        let a = try plan.run(inputs, parameters: parameters, gradients: first)
        let b = try plan.run(inputs, parameters: parameters, gradients: second)
        #expect(a == b)
        for parameter in graph.parameters {
            #expect(try first.tensor(parameter.name) == second.tensor(parameter.name))
        }
        #expect(plan.memoryBytes > 0)
    }

    @Test func gradientsAddUp() throws {
        let (graph, outputs, inputs) = try Self.network(training: true)
        let parameters = try Self.parameters(graph)
        let plan = try OneDNNBackend().compile(graph, outputs: outputs)
        let (once, twice) = (try parameters.zeros(), try parameters.zeros())
        _ = try plan.run(inputs, parameters: parameters, gradients: once)
        for _ in 0..<2 { _ = try plan.run(inputs, parameters: parameters, gradients: twice) }
        for parameter in graph.parameters where parameter.isTrainable {
            let doubled = try once.tensor(parameter.name).floats.map { $0 * 2 }
            try expectClose(
                twice.tensor(parameter.name), Tensor(parameter.shape, doubled), 1e-6, parameter.name)
        }
    }

    @Test func preparesOnlyWhenWeightsChange() throws {
        let (graph, outputs, inputs) = try Self.network(training: false)
        let parameters = try Self.parameters(graph)
        let plan = try #require(try OneDNNBackend().compile(graph, outputs: outputs) as? OneDNNExecutable)
        let before = try plan.run(inputs, parameters: parameters, gradients: nil)
        _ = try plan.run(inputs, parameters: parameters, gradients: nil)
        #expect(plan.preparations == 1)
        try parameters.set("last.weight", to: Source.normal("other", [5, 16, 3, 3]).tensor)
        let after = try plan.run(inputs, parameters: parameters, gradients: nil)
        #expect(plan.preparations == 2)
        #expect(before != after)
        let other = try Self.parameters(graph)
        #expect(try plan.run(inputs, parameters: other, gradients: nil) == before)
        #expect(plan.preparations == 3)
    }

    @Test func itsOwnAssignmentsDoNotPrepareAgain() throws {
        var graph = Graph()
        let x = try graph.input("x", TensorType([2, 3]))
        let weight = try graph.parameter(Parameter("w", [4, 3], initializer: .constant(1)))
        let count = try graph.parameter(Parameter("count", [1], isTrainable: false, initializer: .constant(0)))
        let y = try graph.dense(x, weight: graph.linear(weight, scale: 2))
        let outputs = [GraphOutput(y), GraphOutput(graph.linear(count, scale: 1, shift: 1), .assign("count"))]
        let parameters = try ParameterBuffer(graph.parameters)
        parameters.fill(0)
        try parameters.set("w", to: Tensor([4, 3], (0..<12).map(Float.init)))
        let plan = try #require(try OneDNNBackend().compile(graph, outputs: outputs) as? OneDNNExecutable)
        let input = ["x": try Tensor([2, 3], [1, 2, 3, 4, 5, 6].map(Float.init))]
        for _ in 0..<3 { _ = try plan.run(input, parameters: parameters, gradients: nil) }
        #expect(try parameters.tensor("count").floats == [3])
        #expect(plan.preparations == 1)
        // 2 * (0 * 1 + 1 * 2 + 2 * 3)
        #expect(try plan.run(input, parameters: parameters, gradients: nil)[0].floats[0] == 16)
    }

    /// All plans work in one arena, which moves when a larger plan comes: what ran before must run on.
    @Test func plansShareTheArena() throws {
        func chain(_ size: Int) throws -> (any Executable, [String: Tensor]) {
            var graph = Graph()
            let x = try graph.input("x", TensorType([2, size, size + 1, 16]))
            let kernel = graph.fill(0.01, [16, 16, 3, 3])
            var y = graph.tanh(try graph.convolution(x, weight: kernel, padding: Pair(1)))
            y = try graph.pooling(.average, y, kernel: Pair(2))
            y = try graph.broadcast(graph.reduce(.sum, y, axes: [0, 1], keepsAxes: true), [3, 2, size / 2, 16])
            let plan = try OneDNNBackend().compile(graph, outputs: [GraphOutput(y)])
            return (plan, ["x": try Source.normal("x", [2, size, size + 1, 16]).tensor])
        }
        let none = try ParameterBuffer([])
        var (plans, results) = ([(any Executable, [String: Tensor])](), [[Tensor]]())
        for size in [8, 40, 6, 90] {
            plans.append(try chain(size))
            results.append(try plans[plans.count - 1].0.run(plans[plans.count - 1].1, parameters: none, gradients: nil))
            for (plan, expected) in zip(plans, results) {
                #expect(try plan.0.run(plan.1, parameters: none, gradients: nil) == expected)
            }
        }
        plans.removeFirst(2)
        for (plan, expected) in zip(plans, results.dropFirst(2)) {
            #expect(try plan.0.run(plan.1, parameters: none, gradients: nil) == expected)
        }
    }

    @Test func saysWhatIsMissing() throws {
        let (graph, outputs, inputs) = try Self.network(training: true)
        let parameters = try Self.parameters(graph)
        let plan = try OneDNNBackend().compile(graph, outputs: outputs)
        #expect(throws: NeuralError.self) { try plan.run([:], parameters: parameters, gradients: parameters.zeros()) }
        #expect(throws: NeuralError.self) { try plan.run(inputs, parameters: parameters, gradients: nil) }
        var wrong = inputs
        wrong["dy"] = try Tensor([4, 3], [Float](repeating: 0, count: 12))
        #expect(throws: NeuralError.self) {
            try plan.run(wrong, parameters: parameters, gradients: parameters.zeros())
        }
        let empty = try ParameterBuffer([])
        #expect(throws: NeuralError.self) { try plan.run(inputs, parameters: empty, gradients: empty) }
    }
}
