import Neural
import Testing

@Suite struct ContentionTests {
    /// Rates as they were measured with one `sora bench` and with two on two cores.
    @Test func oneProgramSpinsAndTwoGiveWay() {
        var contention = Contention()
        for rate in [0.0, 18, 200, 0, 39, 18, 0, 108, 17] {
            contention.decide(rate)
            #expect(!contention.isGivingWay, "\(rate)")
        }
        contention.decide(104)
        contention.decide(120)
        #expect(contention.isGivingWay)
        for rate in [1523.0, 3007, 3352, 0, 3249, 18, 200, 0, 0] {
            contention.decide(rate)
            #expect(contention.isGivingWay, "\(rate)")
        }
        contention.decide(0)
        #expect(!contention.isGivingWay)
    }

    /// However threads wait, what they compute is the same, and nobody waits for ever.
    @Test func resultsDoNotDependOnHowThreadsWait() throws {
        var graph = Graph()
        let x = try Source.normal("x", [2, 16, 18, 16]).tensor
        let input = try graph.input("x", x.type)
        let w = try Source.normal("w", [16, 16, 3, 3]).tensor
        let y = try graph.convolution(
            input, weight: graph.parameter(Parameter("w", w.shape, initializer: .constant(0))), padding: Pair(1))
        let parameters = try ParameterBuffer(graph.parameters)
        try parameters.set("w", to: w)
        let sum = try graph.reduce(.sum, y, axes: [0, 1, 2])
        let plan = try OneDNNBackend().compile(graph, outputs: [GraphOutput(sum)])
        func run() throws -> [Float] { try plan.run(["x": x], parameters: parameters, gradients: nil)[0].floats }
        let expected = try run()
        for round in 0..<50 {
            Contention.giveWay(round % 2 == 0)
            #expect(try run() == expected)
        }
        Contention.giveWay(false)
    }
}
