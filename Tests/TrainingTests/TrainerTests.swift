import Datasets
import Foundation
import Neural
import SoraModel
import Testing
import Training

/// What a run does beside descending: learns, stops, keeps the best, leaves out what cannot be read.
@Suite struct TrainerTests {
    @Test func separableClipsAreLearned() throws {
        let run = try TestRun()
        var options = TestRun.options(epochs: 15)
        options.learningRate = 2e-2
        let result = try run.trainer(options, output: "m").run()
        let last = try #require(result.history.last)
        // Chance is 0.69 and 0.5.
        #expect(last.loss < 0.1 && last.accuracy == 1, "\(last)")
        #expect((last.validationLoss ?? 9) < 0.1 && last.validationAccuracy == 1, "\(last)")
        #expect(result.failures.isEmpty && result.end == .finished)
    }

    /// Steps so small that no weight changes: the first epoch stays the best.
    @Test func patienceEndsARun() throws {
        let run = try TestRun(dark: 4, light: 4)
        var options = TestRun.options(epochs: 50)
        options.learningRate = 1e-30
        options.optimizer = .sgd()
        options.patience = 3
        let configuration = TestRun.plainConfiguration()
        let trainer = try run.trainer(options, output: "m", configuration: configuration)
        let result = try trainer.run()
        #expect(result.end == .exhausted && result.history.count == 4 && result.bestEpoch == 1)
        // It is as exhausted when it is taken up again, and goes on with more patience.
        #expect(
            try run.trainer(options, output: "m", resumes: true, configuration: configuration).run().end == .exhausted)
        options.patience = 5
        let more = try run.trainer(options, output: "m", resumes: true, configuration: configuration).run()
        #expect(more.end == .exhausted && more.history.count == 6)
    }

    /// The model file holds the epoch that the history says was best, also where later ones were worse.
    @Test(arguments: [nil, 0.5]) func theBestWeightsAreKept(_ averageDecay: Double?) throws {
        let run = try TestRun()
        var options = TestRun.options(epochs: 6)
        options.averageDecay = averageDecay
        let trainer = try run.trainer(options, output: "m")
        let result = try trainer.run(observe: { event in
            // Somebody spoils the weights: it calls everything dark, and is too sure of it to learn better in time.
            guard case .epochEnded(let record) = event, record.epoch == 4 else { return }
            if let bias = try? Tensor([2], [Float(20), -20]) {
                try? trainer.model.parameters.set("head.bias", to: bias)
            }
        })
        let best = try #require(
            result.history.max { a, b in
                (a.validationF1 ?? 0, -(a.validationLoss ?? 0)) < (b.validationF1 ?? 0, -(b.validationLoss ?? 0))
            })
        #expect(result.bestEpoch == best.epoch && best.epoch <= 4)
        let model = try Model(reading: run.file("m"))
        // Epochs are compared by the outputs as they are.
        model.temperature = nil
        let data = try run.data(options, model.configuration)
        let batches = data.loader.batches(of: data.split.validation, size: 4, mode: .evaluation)
        let (loss, metrics) = try Evaluator(model, backend: OneDNNBackend()).evaluate(batches)
        #expect(loss == best.validationLoss && metrics.accuracy == best.validationAccuracy)
        #expect(result.history.last?.validationLoss != best.validationLoss)
    }

    /// The model file's temperature is the one that fits the validation clips, and the run is the same with it.
    @Test func theTemperatureOfTheValidationClipsIsKept() throws {
        let run = try TestRun()
        let result = try run.trainer(TestRun.options(epochs: 2), output: "m").run()
        let model = try Model(reading: run.file("m"))
        let found = model.temperature
        model.temperature = nil
        let data = try run.data(TestRun.options(), model.configuration)
        let evaluator = try Evaluator(model, backend: OneDNNBackend())
        let judgements = try evaluator.judge(data.loader.batches(of: data.split.validation, size: 4, mode: .evaluation))
        #expect(found == evaluator.temperature(judgements))
        // One that is wrong, so that there is a best temperature.
        var wrong = judgements
        wrong[0].labels = [1 - judgements[0].labels[0]]
        #expect(evaluator.temperature(wrong) != nil)
        let best = try #require(result.history.first { $0.epoch == result.bestEpoch })
        #expect(try evaluator.measure(judgements).loss == best.validationLoss)
        try run.trainer(TestRun.options(epochs: 1), output: "none", validates: false).run()
        #expect(try Model(reading: run.file("none")).temperature == nil)
    }

    @Test func withoutValidationTheLastWeightsAreKept() throws {
        let run = try TestRun(dark: 4, light: 4)
        let trainer = try run.trainer(TestRun.options(epochs: 2), output: "m", validates: false)
        let result = try trainer.run()
        #expect(result.bestEpoch == 2 && result.history.allSatisfy { $0.validationLoss == nil })
        let kept = try Model(reading: run.file("m"))
        #expect(try kept.parameters.tensor("head.weight") == trainer.model.parameters.tensor("head.weight"))
    }

    @Test func clipsThatCannotBeDecodedAreLeftOutAndNamed() throws {
        let run = try TestRun(dark: 4, light: 4)
        // Of nine clips the first is for training, and the other broken one, at the eighth place, for validation.
        let first = try run.brokenVideo("dark/!.mp4")
        let second = try run.brokenVideo("light/1x.mp4")
        let result = try run.trainer(TestRun.options(epochs: 2), output: "m").run()
        #expect(result.history.count == 2 && result.end == .finished)
        #expect(result.failures.map(\.path) == [first, second])
        #expect(result.failures.allSatisfy { $0.reason.contains($0.path) })
    }

    /// A batch of which nothing is left is no step, and does not move the others' learning rates.
    @Test func emptyBatchesAreNoSteps() throws {
        let run = try TestRun(dark: 2, light: 2)
        try run.brokenVideo("dark/!.mp4")
        var options = TestRun.options(epochs: 2)
        options.batchSize = 1
        options.warmUpEpochs = 2
        options.decay = .constant
        var steps: [Int] = []
        let result = try run.trainer(options, output: "m", validates: false).run(observe: { event in
            if case .stepEnded(let step, let count, _, _) = event {
                steps.append(step)
                #expect(count == 5)
            }
        })
        #expect(steps.count == 8 && Set(steps).count <= 5)
        // Up over ten steps from zero: the rates of the fifth and the tenth, whichever were left out.
        #expect(
            zip(result.history, [0.4, 0.9]).allSatisfy { abs($0.learningRate - $1 * options.learningRate) < 1e-15 })
    }

    /// Failures before an interruption are named at the end, also where the file has been mended since.
    @Test func failuresOutliveAnInterruption() throws {
        let run = try TestRun(dark: 4, light: 4)
        let broken = try run.brokenVideo("dark/!.mp4")
        var steps = 0
        let stopped = try run.trainer(TestRun.options(), output: "m").run(
            isInterrupted: { steps == 3 }, observe: { steps += $0.isStep ? 1 : 0 })
        #expect(stopped.end == .interrupted && stopped.failures.map(\.path) == [broken])
        try FileManager.default.removeItem(atPath: broken)
        try run.video("dark/!.mp4", tone: 50)
        let result = try run.trainer(TestRun.options(), output: "m", resumes: true).run()
        #expect(result.end == .finished && result.failures.map(\.path) == [broken])
        #expect(result.failures.map(\.reason) == stopped.failures.map(\.reason))
    }

    @Test func nothingToTrainWithIsAnError() throws {
        let run = try TestRun(dark: 0, light: 0)
        let first = try run.brokenVideo("dark/0.mp4")
        try run.brokenVideo("light/0.mp4")
        expectTrainingError(.data, ["no training clip could be decoded", first]) {
            try run.trainer(TestRun.options(), output: "m").run()
        }
    }

    /// An interruption at an epoch's last step does not begin another.
    @Test func interruptionsAtAnEpochsEndAreHeard() throws {
        let run = try TestRun(dark: 4, light: 4)
        var steps = 0
        let result = try run.trainer(TestRun.options(), output: "m").run(
            isInterrupted: { steps >= 2 }, observe: { steps += $0.isStep ? 1 : 0 })
        #expect(steps == 2 && result.end == .interrupted && result.history.count == 1)
    }
}
