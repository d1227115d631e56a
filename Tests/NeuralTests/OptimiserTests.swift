import Foundation
import Neural
import Testing

/// Optimisers, clipping, schedules and averages against PyTorch (Fixtures/optimisers.py, computed in float64).
@Suite struct OptimiserTests {
    /// Steps in single precision may differ from those in double by a few units of its last place.
    static let tolerance: Float = 2e-6

    @Test(arguments: ["sgd", "adam", "adamW"]) func stepsAsPyTorch(_ operation: String) throws {
        let fixture = try OptimiserFixture()
        let cases = fixture.cases.filter { $0.op == operation }
        #expect(cases.count >= 2)
        for each in cases {
            let a = each.attributes
            let configuration: OptimizerConfiguration =
                switch operation {
                case "sgd":
                    .sgd(
                        momentum: a.momentum ?? 0, nesterov: a.nesterov ?? false, weightDecay: a.weightDecay ?? 0,
                        decaysVectors: true)
                case "adam":
                    .adam(
                        beta1: a.beta1 ?? 0, beta2: a.beta2 ?? 0, epsilon: a.epsilon ?? 0,
                        weightDecay: a.weightDecay ?? 0,
                        decaysVectors: true)
                default:
                    .adamW(
                        beta1: a.beta1 ?? 0, beta2: a.beta2 ?? 0, epsilon: a.epsilon ?? 0,
                        weightDecay: a.weightDecay ?? 0,
                        decaysVectors: true)
                }
            let parameters = try Split(fixture.rows(each, "x")[0])
            let optimizer = try Optimizer(configuration, for: parameters.buffer)
            let gradients = try fixture.rows(each, "gradients")
            for (gradient, expected) in zip(gradients, try fixture.rows(each, "steps")) {
                try optimizer.step(
                    parameters: parameters.buffer, gradients: Split(gradient).buffer, learningRate: a.learningRate ?? 0)
                expectClose(try parameters.values, expected, Self.tolerance, each.name)
            }
            #expect(optimizer.stepCount == gradients.count)
            // What is not trainable stays, and so do the gaps.
            #expect(try parameters.buffer.tensor("statistic").floats == [7])
            #expect(parameters.gapsAreZero)
        }
    }

    @Test func defaultsArePyTorchs() throws {
        let adam = OptimizerConfiguration.adam(), adamW = OptimizerConfiguration.adamW(),
            sgd = OptimizerConfiguration.sgd()
        #expect(adam.beta1 == 0.9 && adam.beta2 == 0.999 && adam.epsilon == 1e-8 && adam.weightDecay == 0)
        #expect(adamW.weightDecay == 0.01 && adamW.kind == .adamW && !adamW.decaysVectors)
        #expect(sgd.momentum == 0 && !sgd.nesterov && sgd.weightDecay == 0)
        for configuration in [adam, adamW, .sgd(momentum: 0.9, nesterov: true)] {
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(OptimizerConfiguration.self, from: data) == configuration)
        }
    }

    /// With zero gradients nothing but the decay moves a weight: matrices shrink, vectors stay.
    @Test func sparesVectorsFromDecay() throws {
        let parameters = try Split([1, 2, 3, 4, 5, 6, 7])
        let zeros = try parameters.buffer.zeros()
        let optimizer = try Optimizer(.adamW(weightDecay: 0.5), for: parameters.buffer)
        try optimizer.step(parameters: parameters.buffer, gradients: zeros, learningRate: 0.5)
        #expect(try parameters.values == [0.75, 1.5, 2.25, 4, 5, 6, 7])
    }

    /// A parameter with a rate of its own moves as it would by that learning rate, and the others as before.
    @Test(arguments: [OptimizerConfiguration.sgd(momentum: 0.9), .adamW(weightDecay: 0.1)])
    func stepsEachAtItsOwnRate(_ configuration: OptimizerConfiguration) throws {
        func stepped(_ learningRate: Double, rate: @escaping (String) -> Double) throws -> [String: [Float]] {
            let parameters = try Split([1, 2, 3, 4, 5, 6, 7])
            let optimizer = try Optimizer(configuration, for: parameters.buffer, rate: rate)
            for gradient in [[7, 6, 5, 4, 3, 2, 1], [1, -1, 2, -2, 3, -3, 4]] as [[Float]] {
                try optimizer.step(
                    parameters: parameters.buffer, gradients: Split(gradient).buffer, learningRate: learningRate)
            }
            var values: [String: [Float]] = [:]
            for parameter in parameters.buffer.parameters {
                values[parameter.name] = try parameters.buffer.tensor(parameter.name).floats
            }
            return values
        }
        let names = try Split([1, 2, 3, 4, 5, 6, 7]).buffer.parameters.filter(\.isTrainable).map(\.name)
        #expect(names.count >= 2)
        let (whole, half) = (try stepped(0.5) { _ in 1 }, try stepped(0.25) { _ in 1 })
        for chosen in names {
            let found = try stepped(0.5) { $0 == chosen ? 0.5 : 1 }
            for name in names {
                #expect(
                    found[name] == (name == chosen ? half : whole)[name], "\(name), with \(chosen) at half the rate")
            }
        }
    }

    @Test func scalesGradientsAsTheyAreRead() throws {
        let (a, b) = (try Split([1, 2, 3, 4, 5, 6, 7]), try Split([1, 2, 3, 4, 5, 6, 7]))
        let optimizer = try Optimizer(.sgd(), for: a.buffer)
        let gradients = try Split([4, -4, 8, 2, 0, 1, 2])
        try optimizer.step(parameters: a.buffer, gradients: gradients.buffer, learningRate: 0.5, gradientScale: 0.25)
        gradients.buffer.scale(by: 0.25)
        try optimizer.step(parameters: b.buffer, gradients: gradients.buffer, learningRate: 0.5)
        #expect(try a.values == b.values)
        #expect(try a.values[0] == 0.5)
    }

    @Test func clipsAsPyTorch() throws {
        let fixture = try OptimiserFixture()
        for each in fixture.cases where each.op == "clipByNorm" {
            let norms = try fixture.values(each, "norms")
            let clipped = try fixture.rows(each, "clippedGradients")
            for (index, row) in try fixture.rows(each, "gradients").enumerated() {
                let gradients = try Split(row)
                let norm = gradients.buffer.clip(toNorm: each.attributes.limit ?? 0)
                #expect(abs(Float(norm) - norms[index]) <= 1e-6 * norms[index], "\(each.name)")
                expectClose(try gradients.values, clipped[index], 1e-6, each.name)
            }
        }
        let broken = try Split([1, .nan, 3, 4, 5, 6, 7])
        #expect(broken.buffer.clip(toNorm: 1).isNaN)
        #expect(try broken.values[6] == 7)
    }

    /// A long sum against one in double precision: single-precision blocks must not lose the small elements.
    @Test func normKeepsItsPrecision() throws {
        let buffer = try ParameterBuffer([Parameter("long", [1_000_003], initializer: .uniform(bound: 1))])
        buffer.initialize(seed: 3)
        let exact = try buffer.tensor("long").floats.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(buffer.norm - exact) < 1e-6 * exact)
        #expect(buffer.norm == buffer.norm)
    }

    @Test func schedulesAsPyTorch() throws {
        let fixture = try OptimiserFixture()
        for each in fixture.cases where each.op.hasSuffix("Schedule") {
            let a = each.attributes
            let schedule: LearningRateSchedule =
                each.op == "stepSchedule"
                ? .step(base: a.base ?? 0, every: a.every ?? 0, factor: a.factor ?? 0)
                : .cosine(
                    base: a.base ?? 0, minimum: a.minimum ?? 0, warmUpSteps: a.warmUpSteps ?? 0,
                    totalSteps: a.totalSteps ?? 0)
            let rates = try fixture.values(each, "rates")
            expectClose(rates.indices.map { Float(schedule.rate(at: $0)) }, rates, 1e-7, each.name)
            #expect(
                try JSONDecoder().decode(LearningRateSchedule.self, from: JSONEncoder().encode(schedule)) == schedule)
        }
        #expect(LearningRateSchedule.constant(base: 0.3).rate(at: 1 << 40) == 0.3)
        // No number of steps traps.
        for schedule in [
            LearningRateSchedule.step(base: 1, every: 0, factor: 2),
            .cosine(base: 1, warmUpSteps: 5, totalSteps: 3), .cosine(base: 1, warmUpSteps: .min, totalSteps: .max),
        ] {
            for step in [Int.min, -1, 0, 1, 4, 5, .max] { _ = schedule.rate(at: step) }
        }
    }

    @Test func averagesAsPyTorch() throws {
        let fixture = try OptimiserFixture()
        for each in fixture.cases where each.op == "movingAverage" {
            let weights = try fixture.rows(each, "weights")
            let average = try WeightAverage(decay: each.attributes.decay ?? 0, for: Split(weights[0]).buffer)
            for (row, expected) in zip(weights, try fixture.rows(each, "averages")) {
                try average.update(with: Split(row).buffer)
                expectClose(try Split.values(of: average.average), expected, Self.tolerance, each.name)
            }
            #expect(try average.average.tensor("statistic").floats == [7])
        }
    }

    @Test func refusesConstantsOutsideTheirRange() throws {
        let buffer = try Split([1, 2, 3, 4, 5, 6, 7]).buffer
        for configuration in [
            OptimizerConfiguration.adam(beta1: 1), .adam(beta2: -0.1), .adam(epsilon: 0), .sgd(momentum: .nan),
            .sgd(nesterov: true), .adamW(weightDecay: -1),
        ] {
            #expect(throws: NeuralError.self) { try Optimizer(configuration, for: buffer) }
        }
        #expect(throws: NeuralError.self) { try WeightAverage(decay: 1.5, for: buffer) }
        let other = try ParameterBuffer([Parameter("x", [3], initializer: .constant(0))])
        #expect(throws: NeuralError.self) {
            try Optimizer(.adam(), for: buffer).step(parameters: buffer, gradients: other, learningRate: 1)
        }
    }
}

/// Seven numbers as a network has them: a matrix and a vector, with gaps between, and something not trainable.
struct Split {
    let buffer: ParameterBuffer

    init(_ values: [Float]) throws {
        buffer = try ParameterBuffer([
            Parameter("matrix", [1, 3], initializer: .constant(0)),
            Parameter("statistic", [1], isTrainable: false, initializer: .constant(0)),
            Parameter("vector", [4], initializer: .constant(0)),
        ])
        try buffer.set("matrix", to: Tensor([1, 3], Array(values[..<3])))
        try buffer.set("vector", to: Tensor([4], Array(values[3...])))
        try buffer.set("statistic", to: Tensor([1], [Float(7)]))
    }

    var values: [Float] { get throws { try Self.values(of: buffer) } }
    var gapsAreZero: Bool {
        unsafe buffer.withUnsafeFloats { floats in
            unsafe (Array(floats[3..<16]) + Array(floats[20..<32])).allSatisfy { $0 == 0 }
        }
    }

    static func values(of buffer: ParameterBuffer) throws -> [Float] {
        try buffer.tensor("matrix").floats + buffer.tensor("vector").floats
    }
}

/// What optimisers.py wrote.
struct OptimiserFixture {
    struct Case: Decodable {
        var name: String
        var op: String
        var attributes: Attributes
    }

    struct Attributes: Decodable {
        var learningRate, momentum, weightDecay, beta1, beta2, epsilon, limit, base, factor, minimum, decay: Double?
        var nesterov: Bool?
        var every, warmUpSteps, totalSteps: Int?
    }

    private struct Index: Decodable { var cases: [Case] }

    let cases: [Case]
    private let file: SafetensorsFile

    init() throws {
        let json = try Data(contentsOf: URL(fileURLWithPath: fixture("optimisers.json")))
        cases = try JSONDecoder().decode(Index.self, from: json).cases
        file = try SafetensorsFile(reading: fixture("optimisers.safetensors"))
    }

    func values(_ each: Case, _ name: String) throws -> [Float] {
        try #require(file.tensors["\(each.name)/\(name)"]).floats
    }

    func rows(_ each: Case, _ name: String) throws -> [[Float]] {
        let values = try values(each, name)
        return stride(from: 0, to: values.count, by: 7).map { Array(values[$0..<$0 + 7]) }
    }
}

func expectClose(_ found: [Float], _ expected: [Float], _ tolerance: Float, _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    for (f, e) in zip(found, expected) {
        #expect(abs(f - e) <= tolerance * max(1, abs(e)), "\(what): \(f) is not \(e)")
    }
}
