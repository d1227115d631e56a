import Datasets
import Neural
import SoraModel
import Testing
import Training

/// Stages that are frozen stay as they are, and frames whose vectors are kept train as if they had been computed again.
@Suite struct FreezingTests {
    private let run: TestRun
    init() throws { run = try TestRun() }

    private func bits(_ model: Model, where wanted: (String) -> Bool) throws -> [String: [Float]] {
        var values: [String: [Float]] = [:]
        for parameter in model.parameters.parameters where wanted(parameter.name) {
            values[parameter.name] = try model.parameters.tensor(parameter.name).floats
        }
        return values
    }

    @Test(arguments: [1, 2]) func frozenStagesStayAsTheyAre(_ stages: Int) throws {
        var options = TestRun.options(epochs: 2)
        options.frozenStages = stages
        let trainer = try run.trainer(options, output: "m")
        let backbone = trainer.model.configuration.backbone
        let isFrozen = { (name: String) in backbone.stage(of: name).map { $0 < stages } ?? false }
        let (frozen, others) = (try bits(trainer.model, where: isFrozen), try bits(trainer.model) { !isFrozen($0) })
        #expect(frozen.count == (stages == 1 ? 5 : 20) && !others.isEmpty)
        try trainer.run()
        #expect(try bits(trainer.model, where: isFrozen) == frozen)
        let after = try bits(trainer.model) { !isFrozen($0) }
        for (name, values) in others { #expect(after[name] != values, "\(name) has not learned") }
        let kept = try Model(reading: run.file("m"))
        #expect(try bits(kept, where: isFrozen) == frozen)
    }

    /// The vectors of a frozen backbone, kept, give the losses that a backbone frozen by a learning rate of nearly zero,
    /// whose frames are computed at each step, gives.
    @Test func keptVectorsTrainAlike() throws {
        var options = TestRun.options(epochs: 4)
        options.augmentation = .none
        // Without normalisation, whose batch statistics are what freezing does away with.
        let configuration = TestRun.plainConfiguration()
        options.stageRate = 1e-12
        let slow = try run.trainer(options, output: "slow", configuration: configuration).run()
        options.stageRate = 1
        options.frozenStages = 1
        let kept = try run.trainer(options, output: "kept", configuration: configuration).run()
        for (a, b) in zip(kept.history, slow.history) {
            #expect(abs(a.loss - b.loss) < 2e-3 * b.loss, "\(a) and \(b)")
        }
        #expect(kept.history.count == 4 && kept.history[3].loss < 0.9 * kept.history[0].loss)
    }

    /// Epochs see as many different views as asked for, and no more.
    @Test func viewsComeBack() throws {
        var options = TestRun.options(epochs: 4)
        options.frozenStages = 2
        options.views = 2
        // What stays the same shows only where nothing is learned.
        options.learningRate = 1e-30
        options.optimizer = .sgd()
        let configuration = TestRun.configuration(head: Head())
        let history = try run.trainer(options, output: "m", configuration: configuration).run().history
        let losses = history.map(\.loss)
        #expect(abs(losses[0] - losses[2]) < 1e-6 && abs(losses[1] - losses[3]) < 1e-6)
        #expect(abs(losses[0] - losses[1]) > 1e-6)
    }

    /// After an epoch the backbone's last stage learns too, after another the stem.
    @Test func stagesThawOneByOne() throws {
        var options = TestRun.options(epochs: 3)
        options.frozenStages = 2
        options.thawEpochs = 1
        let trainer = try run.trainer(options, output: "m")
        func stage(_ stage: Int) throws -> [String: [Float]] {
            let backbone = trainer.model.configuration.backbone
            return try bits(trainer.model) { backbone.stage(of: $0) == stage && !$0.contains("running") }
        }
        var values = [(stem: try stage(0), layer: try stage(1))]
        try trainer.run(observe: { event in
            if case .epochEnded = event { values.append(((try? stage(0)) ?? [:], (try? stage(1)) ?? [:])) }
        })
        let learned = zip(values, values.dropFirst()).map { [$0.stem != $1.stem, $0.layer != $1.layer] }
        #expect(learned == [[false, false], [false, true], [true, true]])
    }

    @Test func whatIsFrozenIsSaid() throws {
        var options = TestRun.options()
        options.frozenStages = 1
        expectTrainingError(.options, ["0 frozen stages", "1 are asked for"]) {
            let configuration = TestRun.configuration()
            _ = try Trainer(
                model: Model(configuration, seed: 0), data: run.data(options, configuration), options: options,
                output: run.file("m"), backend: OneDNNBackend())
        }
        #expect(throws: ModelError.self) { try Model(TestRun.configuration(), seed: 0, frozenStages: 3) }
    }
}
