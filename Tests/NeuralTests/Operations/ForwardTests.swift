import Neural
import Testing

/// Operations without a gradient, and results that are known without PyTorch.
@Suite struct ForwardTests {
    private func run(
        _ test: TestBackend, _ inputs: [String: Tensor] = [:], _ build: (inout Graph) throws -> [Graph.Value]
    ) throws -> [Tensor] {
        var graph = Graph()
        let outputs = try build(&graph).map { GraphOutput($0) }
        return try test.backend.compile(graph, outputs: outputs).run(
            inputs, parameters: ParameterBuffer(graph.parameters), gradients: nil)
    }

    @Test(arguments: TestBackend.all)
    func framesBecomeFloats(_ test: TestBackend) throws {
        let frames = try Tensor([2, 1, 2, 3], [0, 1, 2, 3, 127, 128, 129, 130, 250, 251, 254, 255] as [UInt8])
        let (scale, shift) = ([0.5, 2, -1] as [Float], [1, 0, 10] as [Float])
        let found = try run(test, ["frames": frames]) { graph in
            [try graph.normalizeFrames(graph.input("frames", frames.type), scale: scale, shift: shift)]
        }
        let expected: [Float] = [1, 2, 8, 2.5, 254, -118, 65.5, 260, -240, 126.5, 508, -245]
        try expectClose(found[0], Tensor([2, 1, 2, 3], expected), test.tolerance, "frames")
    }

    @Test(arguments: TestBackend.all)
    func dropoutDependsOnSeedStreamAndPosition(_ test: TestBackend) throws {
        let type = TensorType([2], .int32)
        func masks(_ seed: [Int32]) throws -> [[Float]] {
            try run(test, ["seed": Tensor([2], seed)]) { graph in
                let seed = try graph.input("seed", type)
                return try [([60, 50], 0), ([30, 100], 0), ([60, 50], 1)].map { (shape: Shape, stream) in
                    let ones = graph.fill(1, shape)
                    return try graph.dropout(ones, rate: 0.25, seed: seed, stream: stream)
                }
            }.map(\.floats)
        }
        let (first, second, again) = (try masks([0, 1]), try masks([1, 0]), try masks([0, 1]))
        #expect(first == again)
        #expect(first[0] == first[1], "the position is that in row-major order")
        #expect(first[0] != first[2] && first[0] != second[0])
        for mask in first + second {
            #expect(mask.allSatisfy { $0 == 0 || $0 == Float(1) / 0.75 })
            // 3,000 draws: the share of zeros has a standard deviation of 0.008.
            let zeros = Double(mask.filter { $0 == 0 }.count) / Double(mask.count)
            #expect(abs(zeros - 0.25) < 0.04)
        }
        // Backends draw the same.
        let reference = TestBackend(testDescription: "", backend: ReferenceBackend(), tolerance: 0)
        let expected = try run(reference, ["seed": Tensor([2], [0, 1] as [Int32])]) { graph in
            let ones = graph.fill(1, [60, 50])
            return [try graph.dropout(ones, rate: 0.25, seed: graph.input("seed", type), stream: 0)]
        }
        #expect(first[0] == expected[0].floats)
    }

    @Test func dropoutBitsAreSplitMix64s() {
        // The first numbers of SplitMix64 seeded with 1234567, from the algorithm's published test values.
        let expected: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        let found = (1...3).map { splitMix64(1_234_567 &+ 0x9E37_79B9_7F4A_7C15 &* $0) }
        #expect(found == expected)
    }

    @Test(arguments: TestBackend.all)
    func dropoutOfRateZeroIsNothing(_ test: TestBackend) throws {
        var graph = Graph()
        let x = graph.fill(1, [3])
        let seed = try graph.input("seed", TensorType([2], .int32))
        #expect(try graph.dropout(x, rate: 0, seed: seed, stream: 0) == x)
    }

    @Test(arguments: TestBackend.all)
    func tiesShareTheGradientOfTheMaximum(_ test: TestBackend) throws {
        let found = try run(test, ["x": Tensor([2, 3], [1, 4, 4, 2, 2, 2] as [Float])]) { graph in
            let x = try graph.input("x", TensorType([2, 3]))
            let y = try graph.reduce(.maximum, x, axes: [1])
            return try [y] + graph.gradients(of: [(y, graph.fill(6, [2]))], withRespectTo: [x])
        }
        #expect(found[0].floats == [4, 2])
        #expect(found[1].floats == [0, 3, 3, 2, 2, 2])
    }

    @Test(arguments: TestBackend.all)
    func fusedConvolutionIsItsParts(_ test: TestBackend) throws {
        let sources = try [
            Source.normal("x", [2, 6, 5, 16]), .normal("w", [16, 16, 3, 3], scale: 0.2), .normal("b", [16]),
            .normal("residual", [2, 6, 5, 16]),
        ]
        let inputs = Dictionary(uniqueKeysWithValues: sources.map { ($0.name, $0.tensor) })
        for activation in [nil, .relu, .relu6, .silu] as [Unary?] {
            for addsResidual in [false, true] {
                let found = try run(test, inputs) { graph in
                    let x = try sources.map { try graph.input($0.name, $0.tensor.type) }
                    let attributes = Convolution(
                        padBefore: Pair(1), padAfter: Pair(1), hasBias: true, addsResidual: addsResidual,
                        activation: activation)
                    let fused = graph.append(
                        .convolution(attributes), addsResidual ? x : Array(x.dropLast()), graph.type(x[3]))
                    var parts = try graph.convolution(x[0], weight: x[1], bias: x[2], padding: Pair(1))
                    if addsResidual { parts = try graph.add(parts, x[3]) }
                    return [fused, activation.map { graph.unary($0, parts) } ?? parts]
                }
                let name = activation.map { "\($0)" } ?? "no activation"
                expectClose(found[0], found[1], test.tolerance, "\(name), residual \(addsResidual)")
            }
        }
    }

    @Test(arguments: TestBackend.all)
    func sequencesEndAtTheirLengths(_ test: TestBackend) throws {
        // What lies beyond a sequence's length may be anything, and changes nothing.
        let (short, long) = (
            try Source.normal("x", [1, 3, 2]).tensor.floats, try Source.normal("y", [1, 5, 2]).tensor.floats
        )
        let padded = try Tensor([2, 5, 2], short + [9, -9, 1e3, 7] + long)
        let names =
            ["weight_ih_l0": [12, 2], "weight_hh_l0": [12, 4], "bias_ih_l0": [12], "bias_hh_l0": [12]]
            as [String: Shape]
        func gru(_ x: Tensor, lengths: [Int32]?) throws -> [Tensor] {
            var graph = Graph()
            let lengthInput = try lengths.map { try graph.input("lengths", TensorType([$0.count], .int32)) }
            let result = try graph.recurrentStack(
                graph.input("x", x.type), hidden: 4, bidirectional: true, name: "", lengths: lengthInput)
            let parameters = try ParameterBuffer(graph.parameters)
            for (name, shape) in names {
                for suffix in ["", "_reverse"] {
                    try parameters.set(name + suffix, to: Source.normal(name + suffix, shape).tensor)
                }
            }
            var inputs = ["x": x]
            inputs["lengths"] = try lengths.map { try Tensor([$0.count], $0) }
            return try test.backend.compile(graph, outputs: ([result.y] + result.last).map { GraphOutput($0) })
                .run(inputs, parameters: parameters, gradients: nil)
        }
        let both = try gru(padded, lengths: [3, 5])
        let alone = try gru(Tensor([1, 3, 2], short), lengths: nil)
        #expect(both[0].floats[24..<40].allSatisfy { $0 == 0 })
        try expectClose(
            Tensor([24], Array(both[0].floats[..<24])), Tensor([24], alone[0].floats), test.tolerance, "outputs")
        for state in 1...2 {
            try expectClose(
                Tensor([4], Array(both[state].floats[..<4])), Tensor([4], alone[state].floats), test.tolerance, "state")
        }
    }
}
