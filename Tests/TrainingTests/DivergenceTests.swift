import Foundation
import Neural
import SoraModel
import Testing
import Training

/// A run whose numbers are none any more says so, and leaves the files as they were.
@Suite struct DivergenceTests {
    private let run: TestRun
    init() throws { run = try TestRun(dark: 4, light: 4) }

    @Test func aLossThatIsNoNumber() throws {
        let trainer = try run.trainer(TestRun.options(), output: "m")
        try trainer.model.parameters.set("head.bias", to: Tensor([2], [Float.infinity, 0]))
        expectTrainingError(.diverged, ["loss", "epoch 1, step 1", "--learning-rate"]) { try trainer.run() }
        #expect(!FileManager.default.fileExists(atPath: run.file("m.checkpoint")))
    }

    /// Weights that training does not feel, since dropout takes nearly all of the embedding away, and that overflow
    /// where nothing is dropped.
    @Test func aValidationLossThatIsNoNumber() throws {
        var options = TestRun.options(epochs: 1)
        options.decay = .constant
        let configuration = TestRun.configuration(head: Head(dropout: 0.9999))
        try run.trainer(options, output: "m", configuration: configuration).run()
        let files = try ["m", "m.checkpoint"].map { try Data(contentsOf: URL(fileURLWithPath: run.file($0))) }
        options.epochs = 2
        let trainer = try run.trainer(options, output: "m", resumes: true, configuration: configuration)
        // Two products of 3e38 each. The squares, of which the weights' length is made, stay just finite.
        let vast: Float = 1.8e19
        try trainer.model.parameters.set("embedding.bias", to: Tensor([6], [vast, vast, 0, 0, 0, 0]))
        let rows: [Float] = [0, 0, 0, 0, 0, 0, vast, vast, 0, 0, 0, 0]
        try trainer.model.parameters.set("head.weight", to: Tensor([2, 6], rows))
        expectTrainingError(.diverged, ["validation loss", "epoch 2", "--learning-rate"]) { try trainer.run() }
        #expect(
            try ["m", "m.checkpoint"].map { try Data(contentsOf: URL(fileURLWithPath: run.file($0))) } == files)
        let again = try run.trainer(options, output: "m", resumes: true, configuration: configuration)
        #expect(try again.run().end == .finished)
    }

    /// A ReLU takes what is no number for zero, so that neither loss shows it.
    @Test func runningStatisticsThatAreNoNumbers() throws {
        let trainer = try run.trainer(TestRun.options(), output: "m")
        try trainer.model.parameters.set("bn1.running_var", to: Tensor([4], [1, .nan, 1, 1]))
        expectTrainingError(.diverged, ["weights", "epoch 1"]) { try trainer.run() }
        #expect(!FileManager.default.fileExists(atPath: run.file("m.checkpoint")))
    }

    /// The loss of the last step was a number, and the step it led to was none.
    @Test func weightsThatAreNoNumbers() throws {
        var options = TestRun.options(epochs: 1)
        options.optimizer = .sgd(weightDecay: 1e38)
        options.learningRate = 9
        options.decay = .constant
        options.warmUpEpochs = 0
        options.batchSize = 64
        let trainer = try run.trainer(options, output: "m", validates: false)
        expectTrainingError(.diverged, ["weights", "epoch 1", "--learning-rate"]) { try trainer.run() }
        for name in ["m", "m.checkpoint"] { #expect(!FileManager.default.fileExists(atPath: run.file(name))) }
    }
}
