import Neural
import Testing

/// What `Backend` and `Executable` promise, beside the right numbers.
@Suite struct BackendContractTests {
    private let weight = Parameter("weight", [2, 3], initializer: .constant(0))
    private let statistic = Parameter("statistic", [3], isTrainable: false, initializer: .constant(0))
    private let x = TensorType([4, 3])

    private func code(_ body: () throws -> Void) -> NeuralError.Code? {
        do { try body() } catch { return (error as? NeuralError)?.code }
        return nil
    }

    private func ramp(_ shape: Shape, from start: Float = 0) throws -> Tensor {
        try Tensor(shape, (0..<shape.elementCount).map { start + Float($0) })
    }

    @Test(arguments: TestBackend.all)
    func resultsComeInTheOrderAskedFor(_ test: TestBackend) throws {
        var graph = Graph()
        let input = try graph.input("x", x)
        let parameter = try graph.parameter(weight)
        let (double, filled) = (graph.linear(input, scale: 2), graph.fill(3, [2]))
        let executable = try test.backend.compile(
            graph, outputs: [double, input, filled, double, parameter].map { GraphOutput($0) })
        let parameters = try ParameterBuffer(graph.parameters)
        try parameters.set("weight", to: ramp([2, 3]))
        let results = try executable.run(["x": ramp([4, 3])], parameters: parameters, gradients: nil)
        let doubled = try Tensor([4, 3], (0..<12).map { 2 * Float($0) })
        let expected = try [doubled, ramp([4, 3]), Tensor([2], [3, 3] as [Float]), doubled, ramp([2, 3])]
        #expect(results == expected)
    }

    @Test(arguments: TestBackend.all)
    func runsStartAnew(_ test: TestBackend) throws {
        var graph = Graph()
        let input = try graph.input("x", x)
        let parameter = try graph.parameter(weight)
        let y = try graph.dense(input, weight: parameter)
        let executable = try test.backend.compile(graph, outputs: [GraphOutput(y)])
        let parameters = try ParameterBuffer(graph.parameters)
        for start in [Float(1), -2, 1] {
            try parameters.set("weight", to: ramp([2, 3], from: start))
            let results = try executable.run(["x": ramp([4, 3], from: start)], parameters: parameters, gradients: nil)
            var expected: [Float] = []
            for row in 0..<4 {
                for column in 0..<2 {
                    let terms = (0..<3).map { (start + Float(row * 3 + $0)) * (start + Float(column * 3 + $0)) }
                    expected.append(terms.reduce(0, +))
                }
            }
            try expectClose(results[0], Tensor([4, 2], expected), test.tolerance, "started from \(start)")
        }
    }

    @Test(arguments: TestBackend.all)
    func wrongBindingsAreErrors(_ test: TestBackend) throws {
        var graph = Graph()
        let y = try graph.dense(graph.input("x", x), weight: graph.parameter(weight))
        let executable = try test.backend.compile(graph, outputs: [GraphOutput(y)])
        let parameters = try ParameterBuffer(graph.parameters)
        let bytes = Tensor(zeros: TensorType([4, 3], .uint8))
        func bindingFails(_ inputs: [String: Tensor], _ parameters: ParameterBuffer) -> Bool {
            code { _ = try executable.run(inputs, parameters: parameters, gradients: nil) } == .binding
        }
        #expect(bindingFails([:], parameters), "missing")
        #expect(try bindingFails(["x": ramp([3, 4])], parameters), "another shape")
        #expect(try bindingFails(["x": ramp([12])], parameters), "another rank")
        #expect(bindingFails(["x": bytes], parameters), "another type")
        let other = try ParameterBuffer([Parameter("weight", [3, 2], initializer: .constant(0))])
        #expect(try bindingFails(["x": ramp([4, 3])], ParameterBuffer([])), "no parameter")
        #expect(try bindingFails(["x": ramp([4, 3])], other), "another parameter")
        // And it still runs.
        _ = try executable.run(["x": ramp([4, 3]), "unused": ramp([1])], parameters: parameters, gradients: nil)
    }

    @Test(arguments: TestBackend.all)
    func gradientsAreAdded(_ test: TestBackend) throws {
        var graph = Graph()
        let parameter = try graph.parameter(weight)
        let y = try graph.dense(graph.input("x", x), weight: parameter)
        let loss = try graph.reduce(.sum, y, axes: [0, 1])
        let gradient = try graph.gradients(of: loss, withRespectTo: [parameter])[0]
        let executable = try test.backend.compile(
            graph, outputs: [GraphOutput(gradient, .accumulate("weight")), GraphOutput(loss)])
        let parameters = try ParameterBuffer(graph.parameters)
        let gradients = try parameters.zeros()
        let inputs = ["x": try ramp([4, 3])]
        #expect(code { _ = try executable.run(inputs, parameters: parameters, gradients: nil) } == .binding)
        for times in 1...3 {
            let results = try executable.run(inputs, parameters: parameters, gradients: gradients)
            #expect(results == [try Tensor([], [0] as [Float])])
            let columns = [18, 22, 26].map { Float($0 * times) }
            #expect(try gradients.tensor("weight") == Tensor([2, 3], columns + columns))
        }
    }

    @Test(arguments: TestBackend.all)
    func parametersAreWrittenAtTheEnd(_ test: TestBackend) throws {
        var graph = Graph()
        let old = try graph.parameter(statistic)
        let mean = try graph.reduce(.mean, graph.input("x", x), axes: [0])
        let new = try graph.add(graph.linear(old, scale: 0.5), graph.linear(mean, scale: 0.5))
        try graph.update(statistic, to: new)
        let updates = graph.updates.map { GraphOutput($0.value, .assign($0.parameter)) }
        let executable = try test.backend.compile(graph, outputs: updates + [GraphOutput(old)])
        let parameters = try ParameterBuffer(graph.parameters)
        var expected: [Float] = [0, 0, 0]
        for _ in 0..<3 {
            let results = try executable.run(["x": ramp([4, 3])], parameters: parameters, gradients: nil)
            #expect(results[0].floats == expected)
            expected = zip(expected, [4.5, 5.5, 6.5]).map { $0 / 2 + $1 / 2 }
            #expect(try parameters.tensor("statistic").floats == expected)
        }
    }

    @Test(arguments: TestBackend.all)
    func whatIsNotNeededIsLeftOut(_ test: TestBackend) throws {
        var graph = Graph()
        let input = try graph.input("x", x)
        _ = try graph.multiply(graph.input("never given", x), graph.parameter(statistic))
        let y = graph.relu(input)
        let executable = try test.backend.compile(graph, outputs: [GraphOutput(y)])
        let results = try executable.run(
            ["x": ramp([4, 3], from: -5)], parameters: ParameterBuffer([]), gradients: nil)
        #expect(results[0].floats == (0..<12).map { max(Float($0) - 5, 0) })
    }

    @Test(arguments: TestBackend.all)
    func valuesOfAnotherGraphAreErrors(_ test: TestBackend) throws {
        var graph = Graph()
        _ = try graph.input("x", x)
        for value in [(7, 0), (1, 0), (0, 1), (-1, 0), (0, -1)] {
            let output = GraphOutput(Graph.Value(node: value.0, output: value.1))
            #expect(code { _ = try test.backend.compile(graph, outputs: [output]) } == .binding, "\(value)")
            #expect(code { _ = try test.backend.compile(Graph(), outputs: [output]) } == .binding, "\(value)")
        }
        // Among a node's operands as well.
        _ = graph.append(.unary(.relu), [Graph.Value(node: 9, output: 0)], x)
        let output = GraphOutput(Graph.Value(node: 1, output: 0))
        #expect(code { _ = try test.backend.compile(graph, outputs: [output]) } == .binding)
    }

    /// Builders that cannot throw leave it to the backend to refuse elements of another type.
    @Test(arguments: TestBackend.all, [ElementType.uint8, .int32])
    func elementsOfAnotherTypeAreErrors(_ test: TestBackend, _ type: ElementType) throws {
        let functions: [@Sendable (inout Graph, Graph.Value) -> Graph.Value] = [
            { $0.relu($1) }, { $0.sigmoid($1) }, { $0.tanh($1) }, { $0.linear($1, scale: 2) }, { $0.unary(.gelu, $1) },
            { $0.softmax($1) }, { $0.logSoftmax($1) },
        ]
        for function in functions {
            var graph = Graph()
            let y = function(&graph, try graph.input("x", TensorType([4, 3], type)))
            #expect(code { _ = try test.backend.compile(graph, outputs: [GraphOutput(y)]) } == .shape)
        }
        var graph = Graph()
        let input = try graph.input("x", TensorType([4, 3], type))
        for destination in [GraphOutput.Destination.assign("p"), .accumulate("p")] {
            let output = GraphOutput(input, destination)
            #expect(code { _ = try test.backend.compile(graph, outputs: [output]) } == .binding)
        }
        // Another shape of them is no arithmetic.
        let reshaped = try graph.reshape(input, [2, 6])
        let tensor = Tensor(zeros: TensorType([4, 3], type))
        let found = try test.backend.compile(graph, outputs: [GraphOutput(reshaped)])
            .run(["x": tensor], parameters: ParameterBuffer([]), gradients: nil)
        #expect(found == [Tensor(zeros: TensorType([2, 6], type))])
    }

    @Test(arguments: TestBackend.all)
    func tensorsLargerThanMemoryAreErrors(_ test: TestBackend) throws {
        var graph = Graph()
        let vast = graph.fill(1, [1 << 40, 1 << 40])
        #expect(code { _ = try test.backend.compile(graph, outputs: [GraphOutput(vast)]) } == .shape)
    }
}
