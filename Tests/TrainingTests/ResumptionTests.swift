import Datasets
import Foundation
import Neural
import SoraModel
import Testing
import Training

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A run that was stopped and taken up again ends in the same bits as one that was not.
@Suite struct ResumptionTests {
    private let run: TestRun
    init() throws { run = try TestRun() }

    struct Variant: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout TrainingOptions) -> Void
    }

    static let variants = [
        Variant(testDescription: "AdamW, cosine") { _ in },
        Variant(testDescription: "average of the weights") { $0.averageDecay = 0.8 },
        Variant(testDescription: "SGD with momentum, steps, chunks, balance") {
            $0.optimizer = .sgd(momentum: 0.9, nesterov: true)
            $0.decay = .step
            $0.chunk = 5
            $0.balance = .weights
            $0.labelSmoothing = 0.1
        },
        Variant(testDescription: "frozen stem, slower stages") {
            $0.frozenStages = 1
            $0.stageRate = 0.5
        },
        Variant(testDescription: "stages that thaw, focal loss, balanced and blended batches, strong augmentation") {
            $0.frozenStages = 2
            $0.thawEpochs = 1
            $0.averageDecay = 0.5
            $0.focusing = 2
            $0.balance = .sampling
            $0.augmentation = .strength(8)
            $0.augmentation.mixUp = 0.4
            $0.augmentation.cutMix = 1
        },
        Variant(testDescription: "frozen backbone, two views") {
            $0.frozenStages = 2
            $0.views = 2
            $0.averageDecay = 0.5
        },
    ]

    /// Stopped in an epoch's middle, at its end, and twice.
    @Test(arguments: variants) func stoppedRunsEndAlike(_ variant: Variant) throws {
        var options = TestRun.options()
        variant.change(&options)
        let whole = try run.trainer(options, output: "whole")
        let expected = try whole.run()
        #expect(expected.end == .finished && expected.history.count == 3)
        for (number, stops) in [[2], [3], [4, 8]].enumerated() {
            let output = "stopped-\(number)"
            var steps = 0
            for (index, stop) in stops.enumerated() {
                let trainer = try run.trainer(options, output: output, resumes: index > 0)
                let result = try trainer.run(isInterrupted: { steps == stop }, observe: { steps += $0.isStep ? 1 : 0 })
                #expect(result.end == .interrupted && steps == stop)
            }
            let trainer = try run.trainer(options, output: output, resumes: true)
            let result = try trainer.run(observe: { steps += $0.isStep ? 1 : 0 })
            #expect(result.end == .finished && result.bestEpoch == expected.bestEpoch)
            // No step is taken twice, and none is left out.
            #expect(steps == 9)
            #expect(result.history.timeless == expected.history.timeless)
            try expectSameBits(trainer.model, whole.model)
            try expectSameFiles(run.file(output), run.file("whole"))
        }
    }

    /// The process is gone in the middle of the second epoch, without a chance to save: what is on the disk is enough.
    @Test func aKilledProcessGoesOn() async throws {
        let path = Self.sharedFolder(of: getpid())
        defer { try? FileManager.default.removeItem(atPath: path) }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let run = try TestRun(at: ResumptionTests.sharedFolder(of: getppid()))
            let trainer = try run.trainer(TestRun.options(), output: "killed")
            var steps = 0
            _ = try trainer.run(observe: { event in
                steps += event.isStep ? 1 : 0
                if steps == 5 { kill(getpid(), SIGKILL) }
            })
        }
        let options = TestRun.options()
        // The same files at the same place, left by the child.
        let left = try TestRun(dark: 0, light: 0, at: path)
        let trainer = try left.trainer(options, output: "killed", resumes: true)
        #expect(trainer.history.count == 1)
        try trainer.run()
        let whole = try left.trainer(options, output: "whole")
        try whole.run()
        #expect(trainer.history.timeless == whole.history.timeless)
        try expectSameBits(trainer.model, whole.model)
        try expectSameFiles(left.file("killed"), left.file("whole"))
    }

    static func sharedFolder(of process: pid_t) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sora-killed-\(process)").path
    }

    /// Whatever moment a run dies at, the checkpoint is one of an epoch's end, or of an interruption, and whole.
    @Test func everyCheckpointOnTheWayGoesOn() throws {
        let options = TestRun.options()
        let whole = try run.trainer(options, output: "whole")
        try whole.run(observe: { event in
            guard case .epochEnded(let record) = event else { return }
            for suffix in ["", ".checkpoint"] {
                try? FileManager.default.copyItem(
                    atPath: self.run.file("whole" + suffix), toPath: self.run.file("after-\(record.epoch)" + suffix))
            }
        })
        for epoch in 1...3 {
            let trainer = try run.trainer(options, output: "after-\(epoch)", resumes: true)
            #expect(trainer.history.count == epoch)
            #expect(try trainer.run().end == .finished)
            try expectSameBits(trainer.model, whole.model)
            try expectSameFiles(run.file("after-\(epoch)"), run.file("whole"))
        }
    }

    /// More epochs than first thought, where nothing done so far depended on their number.
    @Test func constantRatesTakeMoreEpochs() throws {
        var options = TestRun.options(epochs: 3)
        options.decay = .constant
        options.warmUpEpochs = 1.5
        let whole = try run.trainer(options, output: "whole")
        try whole.run()
        options.epochs = 1
        try run.trainer(options, output: "short").run()
        options.epochs = 3
        let longer = try run.trainer(options, output: "short", resumes: true)
        #expect(try longer.run().end == .finished)
        try expectSameBits(longer.model, whole.model)
        #expect(longer.history.timeless == whole.history.timeless)
    }

    /// A run repeats from its seed, and another seed gives another.
    @Test func seedsDecide() throws {
        var options = TestRun.options(epochs: 2)
        let (first, second) = (try run.trainer(options, output: "a"), try run.trainer(options, output: "b"))
        try first.run()
        try second.run()
        try expectSameBits(first.model, second.model)
        options.seed += 1
        let third = try run.trainer(options, output: "c")
        try third.run()
        #expect(third.history.timeless != first.history.timeless)
    }

    private func expectSameBits(_ a: Model, _ b: Model) throws {
        for parameter in a.parameters.parameters {
            let (x, y) = (try a.parameters.tensor(parameter.name), try b.parameters.tensor(parameter.name))
            #expect(x.floats.map(\.bitPattern) == y.floats.map(\.bitPattern), "\(parameter.name)")
        }
    }

    /// The model files byte for byte; of the checkpoints all tensors, the optimiser's and the average's with them.
    private func expectSameFiles(_ a: String, _ b: String) throws {
        #expect(FileManager.default.contentsEqual(atPath: a, andPath: b))
        let x = try SafetensorsFile(reading: a + ".checkpoint")
        let y = try SafetensorsFile(reading: b + ".checkpoint")
        #expect(x.tensors.count > 10 && x.names == y.names)
        for (name, tensor) in x.tensors {
            #expect(tensor.floats.map(\.bitPattern) == y.tensors[name]?.floats.map(\.bitPattern), "\(name)")
        }
    }
}

extension TrainingEvent {
    var isStep: Bool {
        if case .stepEnded = self { return true }
        return false
    }
}
