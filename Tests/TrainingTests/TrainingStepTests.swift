import Neural
import SoraModel
import Testing
import Training

/// Gradients computed in pieces, and every kind of network.
@Suite struct TrainingStepTests {
    private static func noise(_ configuration: ModelConfiguration, clips: Int) -> [UInt8] {
        var random = SeededRandom(seed: 3)
        let count = clips * configuration.clip.frames * configuration.clip.size * configuration.clip.size * 3
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 33) }
    }

    private static func labels(_ configuration: ModelConfiguration, clips: Int) -> [Float] {
        let count = configuration.labels.count
        let several = configuration.head.kind == .multiLabel
        let labels = (0..<clips).map { several && $0 % 3 == 2 ? Array(0..<count) : [$0 % count] }
        return configuration.head.targets(labels, labels: count)
    }

    private func step(
        _ model: Model, chunk: Int?, backend: any Backend = OneDNNBackend(), clips: Int = 3
    ) throws -> (TrainingStep.Outcome, ParameterBuffer) {
        let loss = LossFunction(labelSmoothing: 0.1)
        let step = try TrainingStep(model: model, loss: loss, backend: backend, chunk: chunk)
        let outcome = try step.run(
            frames: Self.noise(model.configuration, clips: clips),
            targets: Self.labels(model.configuration, clips: clips), clips: clips, seed: 17)
        return (outcome, step.gradients)
    }

    /// Largest difference of two gradients as a share of the largest element, tensor by tensor.
    private func expectSame(
        _ a: ParameterBuffer, _ b: ParameterBuffer, _ tolerance: Float,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for parameter in a.parameters {
            let (x, y) = (try a.tensor(parameter.name).floats, try b.tensor(parameter.name).floats)
            let scale = y.reduce(0) { max($0, abs($1)) }
            let worst = zip(x, y).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            // Below 1e-6 is rounding about nothing: an attention's score has no use for its bias.
            #expect(
                worst <= tolerance * scale + 1e-6, "\(parameter.name): \(worst) of \(scale)",
                sourceLocation: sourceLocation)
        }
    }

    /// Computing the chunks again on the way back is the same sum in another order. Without batch normalisation, which
    /// is meant to see a chunk at a time; with dropout, whose mask must be the same.
    @Test(arguments: [1, 2, 5, 7, 11]) func chunksGiveTheWholesGradient(_ chunk: Int) throws {
        for head in [Head(dropout: 0.5), Head(kind: .binary)] {
            let configuration = TestRun.plainConfiguration(head: head).moving
            let model = try Model(configuration, seed: 4)
            let (whole, expected) = try step(model, chunk: nil)
            let (parts, found) = try step(model, chunk: chunk)
            // Sums of some hundred products, in another order.
            #expect(abs(parts.loss - whole.loss) < 1e-6 * whole.loss)
            #expect(zip(parts.logits, whole.logits).allSatisfy { abs($0 - $1) < 1e-5 })
            try expectSame(found, expected, 1e-5)
            #expect(expected.norm > 1e-3)
        }
    }

    /// Each chunk's statistics enter the running ones once, though the chunk is computed twice.
    @Test func runningStatisticsAreUpdatedOncePerChunk() throws {
        let model = try Model(TestRun.configuration(), seed: 4)
        let format = model.configuration.clip
        _ = try step(model, chunk: 4, clips: 2)
        let expected = try Model(TestRun.configuration(), seed: 4)
        let (graph, features) = try model.network.frameGraph(count: 4, isTraining: true)
        let plan = try OneDNNBackend().compile(
            graph,
            outputs: [GraphOutput(features)] + graph.updates.map { GraphOutput($0.value, .assign($0.parameter)) })
        let bytes = Self.noise(model.configuration, clips: 2)
        let size = format.size * format.size * 3
        for frames in [0..<2, 2..<4] {
            // Time-major: frame 0 of both clips, then frame 1 of both.
            let chunk = frames.flatMap { frame in
                [frame, 4 + frame].flatMap { bytes[$0 * size..<($0 + 1) * size] }
            }
            _ = try plan.run(
                ["frames": Tensor([4, format.size, format.size, 3], chunk)], parameters: expected.parameters,
                gradients: nil)
        }
        for parameter in model.parameters.parameters {
            let (x, y) = (
                try model.parameters.tensor(parameter.name).floats,
                try expected.parameters.tensor(parameter.name).floats
            )
            #expect(x == y, "\(parameter.name)")
        }
        #expect(try model.parameters.tensor("bn1.running_mean").floats.contains { $0 != 0 })
    }

    static let kinds: [ModelConfiguration] =
        Temporal.Fusion.allCases.map {
            TestRun.configuration(
                temporal: Temporal(gridChannels: 2, hidden: 5, layers: 2, bidirectional: true, fusion: $0))
        }
        + Temporal.Fusion.allCases.map { TestRun.plainConfiguration().with(Temporal(hidden: 4, fusion: $0)) } + [
            TestRun.configuration(head: Head(kind: .binary)),
            TestRun.configuration(head: Head(kind: .multiClass, dropout: 0.5), labels: ["a", "b", "c"]),
            TestRun.configuration(head: Head(kind: .multiLabel), labels: ["a", "b", "c"]),
            TestRun.plainConfiguration().moving, TestRun.configuration().moving,
        ]

    /// One step of each kind of network: the gradients are the naive backend's, and a small step against them lowers
    /// the loss.
    @Test(arguments: kinds) func everyKindTrains(_ configuration: ModelConfiguration) throws {
        let model = try Model(configuration, seed: 6)
        let (outcome, gradients) = try step(model, chunk: nil)
        let (expected, wanted) = try step(Model(configuration, seed: 6), chunk: nil, backend: ReferenceBackend())
        #expect(abs(outcome.loss - expected.loss) < 1e-5 * expected.loss)
        // Batch normalisation over twelve frames in single precision.
        try expectSame(gradients, wanted, 1e-3)
        let optimizer = try Optimizer(.sgd(), for: model.parameters)
        try optimizer.step(
            parameters: model.parameters, gradients: gradients, learningRate: 1e-2 / max(gradients.norm, 1))
        let (after, _) = try step(model, chunk: nil)
        #expect(after.loss < outcome.loss)
    }

    @Test func framesAndTargetsOfAnotherCountAreRefused() throws {
        let model = try Model(TestRun.plainConfiguration(), seed: 1)
        let step = try TrainingStep(model: model, loss: LossFunction(), backend: OneDNNBackend())
        let frames = Self.noise(model.configuration, clips: 2)
        #expect(throws: ModelError.self) { try step.run(frames: frames, targets: [1, 0], clips: 1, seed: 0) }
        #expect(throws: ModelError.self) { try step.run(frames: [], targets: [], clips: 0, seed: 0) }
        #expect(throws: (any Error).self) { try step.run(frames: frames, targets: [1, 0], clips: 2, seed: 0) }
    }
}

extension ModelConfiguration {
    fileprivate func with(_ temporal: Temporal) -> ModelConfiguration {
        var configuration = self
        configuration.temporal = temporal
        return configuration
    }

    fileprivate var moving: ModelConfiguration {
        var configuration = self
        configuration.motion = .beside
        return configuration
    }
}
