import Neural
import Testing

@Suite struct CalibrationTests {
    /// A convolution whose input is the graph's own, so that what it holds is known.
    private func intervals(_ samples: [[Float]], share: Double) throws -> Quantization.Interval? {
        var graph = Graph()
        let x = try graph.input("x", TensorType([1, 1, samples[0].count, 1]))
        let weight = try graph.parameter(Parameter("w", [2, 1, 1, 1], initializer: .constant(0)))
        let y = try graph.convolution(x, weight: weight)
        let parameters = try ParameterBuffer(graph.parameters)
        try parameters.set("w", to: Tensor([2, 1, 1, 1], [Float(-2.54), 0]))
        let calibration = try Calibration(graph, outputs: [y], parameters: parameters, backend: ReferenceBackend())
        for sample in samples {
            try calibration.observe(["x": Tensor([1, 1, sample.count, 1], sample)])
        }
        let layer = try #require(try calibration.quantization(share: share).layers["w"])
        #expect(abs(layer.weightSteps[0] - 0.02) < 1e-6 && layer.weightSteps[1] == 1)
        return layer.input
    }

    @Test func everythingIsHeld() throws {
        let found = try #require(try intervals([[0, 0.5, 3], [1, 7, 2]], share: 1))
        #expect(found == Quantization.Interval(low: 0, high: 7))
        #expect(found.step == 7.0 / 255)
        let signed = try #require(try intervals([[-1, 0.5, 3], [1, -9, 2]], share: 1))
        #expect(signed == Quantization.Interval(low: -9, high: 3))
        #expect(signed.step == 9.0 / 127)
    }

    /// Of 0, 1, … 999 in any order, 99% lie below 990.
    @Test func aShareIsHeld() throws {
        let numbers = (0..<1000).map { Float($0 * 7 % 1000) }
        let parts = [Array(numbers[..<500]), Array(numbers[500...])]
        let found = try #require(try intervals(parts, share: 0.99))
        #expect(found.low == 0 && abs(found.high - 990) < 2, "\(found)")
        let signed = try #require(try intervals(parts.map { $0.map { -$0 } }, share: 0.5))
        #expect(signed.high == 0 && abs(signed.low + 500) < 2, "\(signed)")
    }

    /// Sizes that differ by a thousand from sample to sample, and numbers that are none.
    @Test func anySizes() throws {
        let found = try #require(try intervals([[1e-6, 2e-6, .nan], [1e30, .infinity, 1], [3, 4, 5]], share: 1))
        #expect(found == Quantization.Interval(low: 0, high: 1e30))
        #expect(throws: NeuralError.self) { try intervals([[0, 0, 0]], share: 1) }
        #expect(throws: NeuralError.self) { try intervals([[.nan, .infinity, 0]], share: 1) }
    }

    @Test func whatBelongsToNoNetworkIsRefused() throws {
        let parameters = [
            Parameter("w", [2, 3, 3, 3], initializer: .constant(0)), Parameter("b", [2], initializer: .constant(0)),
        ]
        func check(
            _ name: String = "w", _ input: Quantization.Interval? = Quantization.Interval(low: 0, high: 1),
            _ steps: [Float] = [1, 2]
        ) throws {
            try Quantization(layers: [name: Quantization.Layer(input: input, weightSteps: steps)]).validate(parameters)
        }
        try check()
        try check("w", nil)
        #expect(throws: NeuralError.self) { try check("b") }
        #expect(throws: NeuralError.self) { try check("other") }
        for steps in [[], [1], [1, 0], [1, -1], [1, .nan], [1, .infinity], [1, 2, 3]] as [[Float]] {
            #expect(throws: NeuralError.self) { try check("w", nil, steps) }
        }
        for (low, high) in [(0, 0), (1, 2), (-1, -0.5), (.nan, 1), (0, .infinity), (0, .leastNonzeroMagnitude)]
            as [(Float, Float)]
        {
            #expect(throws: NeuralError.self) { try check("w", Quantization.Interval(low: low, high: high)) }
        }
    }
}
