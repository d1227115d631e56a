import Datasets
import Foundation
import Neural
import SoraModel
import Testing
import Training

/// A checkpoint of another run, or a damaged one, is refused with a message that names it, and nothing traps.
@Suite struct CheckpointTests {
    private let run: TestRun
    private let options: TrainingOptions
    private var checkpoint: String { run.file("run.checkpoint") }

    /// A run that was stopped at the first step of its second epoch.
    init() throws {
        run = try TestRun(dark: 4, light: 4)
        options = TestRun.options()
        var steps = 0
        let result = try run.trainer(options, output: "run").run(
            isInterrupted: { steps == 3 }, observe: { steps += $0.isStep ? 1 : 0 })
        #expect(result.end == .interrupted && result.history.count == 1)
    }

    private func resume(
        _ options: TrainingOptions? = nil, configuration: ModelConfiguration = TestRun.configuration()
    ) throws {
        _ = try run.trainer(options ?? self.options, output: "run", resumes: true, configuration: configuration)
    }

    @Test func theGoodOneIsTaken() throws { try resume() }

    @Test func otherOptionsAreRefused() {
        for change: (inout TrainingOptions) -> Void in [
            { $0.learningRate = 1e-4 }, { $0.batchSize = 3 }, { $0.seed = 8 }, { $0.averageDecay = 0.9 },
            { $0.optimizer = .sgd() }, { $0.labelSmoothing = 0.1 }, { $0.augmentation = .none }, { $0.chunk = 4 },
            { $0.precision = .bfloat16 },
            // The cosine depends on the number of epochs.
            { $0.epochs = 4 },
        ] {
            var other = options
            change(&other)
            expectTrainingError(.checkpoint, [checkpoint, "other options", "--resume"]) { try resume(other) }
        }
    }

    @Test func whatDiffersIsNamed() {
        var other = options
        (other.learningRate, other.epochs) = (1e-4, 9)
        expectTrainingError(.checkpoint, ["(epochs was 3, learningRate was \(options.learningRate))"]) {
            try resume(other)
        }
    }

    @Test func otherConfigurationsAreRefused() {
        let other = TestRun.configuration(temporal: Temporal(hidden: 6, bidirectional: true, fusion: .mean))
        expectTrainingError(.checkpoint, [checkpoint, "another model", "temporal.hidden was 5"]) {
            try resume(configuration: other)
        }
    }

    @Test func otherClipsAreRefused() throws {
        try run.video("dark/x.mp4", tone: 100)
        expectTrainingError(.checkpoint, [checkpoint, "other clips"]) { try resume() }
    }

    /// Numbers that no run has: each would trap, or spoil the run, further on.
    @Test func statesOfNoRunAreRefused() throws {
        let cases: [(String, (inout [String: Any]) -> Void)] = [
            ("negative epoch", { $0["epoch"] = -1 }), ("epoch after the last", { $0["epoch"] = 4 }),
            ("huge epoch", { $0["epoch"] = Int.max }), ("negative step", { $0["step"] = -3 }),
            ("huge step", { $0["step"] = Int.max }), ("step after the last", { $0["step"] = 3 }),
            ("lost history", { $0["history"] = [Any]() }),
            ("negative patience", { $0["epochsSinceBest"] = -5 }),
            ("huge patience", { $0["epochsSinceBest"] = Int.max }),
            ("no best", { $0["best"] = nil }),
            ("other best", { $0["best"] = ["epoch": 7, "macroF1": 1, "loss": 0] }),
            ("negative correct", { $0["sums"] = ["loss": 1, "correct": -1, "clips": 4, "seconds": 0] }),
            ("negative clips", { $0["sums"] = ["loss": 1, "correct": 0, "clips": -4, "seconds": 0] }),
            ("more right than seen", { $0["sums"] = ["loss": 1, "correct": 5, "clips": 4, "seconds": 0] }),
            ("huge sums", { $0["sums"] = ["loss": 1, "correct": Int.max, "clips": Int.max, "seconds": 0] }),
            ("negative loss", { $0["sums"] = ["loss": -1, "correct": 0, "clips": 4, "seconds": 0] }),
            ("negative seconds", { $0["sums"] = ["loss": 1, "correct": 0, "clips": 4, "seconds": -1] }),
        ]
        let good = try SafetensorsFile(reading: checkpoint)
        for (name, change) in cases {
            var file = good
            let json = try #require(file.metadata["sora.state"])
            var state = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            change(&state)
            file.metadata["sora.state"] = String(
                decoding: try JSONSerialization.data(withJSONObject: state), as: UTF8.self)
            try file.write(to: checkpoint)
            expectTrainingError(.checkpoint, [checkpoint, "damaged", "--resume"]) {
                try resume()
                Issue.record("\(name) was taken")
            }
        }
    }

    @Test func metadataOfNoCheckpointIsRefused() throws {
        let good = try SafetensorsFile(reading: checkpoint)
        for key in ["sora.state", "sora.options", "sora.configuration"] {
            for value in [nil, "", "[]", "{}", "{\"epoch\":1e99}"] {
                var file = good
                file.metadata[key] = value
                try file.write(to: checkpoint)
                expectTrainingError(.checkpoint, [checkpoint, key]) { try resume() }
            }
        }
        // A model is no checkpoint.
        try FileManager.default.removeItem(atPath: checkpoint)
        try FileManager.default.copyItem(atPath: run.file("run"), toPath: checkpoint)
        expectTrainingError(.checkpoint, [checkpoint]) { try resume() }
    }

    @Test func tensorsOfNoCheckpointAreRefused() throws {
        let good = try SafetensorsFile(reading: checkpoint)
        for steps: [Int32] in [[.max, -1], [0, 1000], [-1, 3], [0]] {
            try expectRefusal(good) { $0.tensors["optimizer.steps"] = try Tensor([steps.count], steps) }
        }
        try expectRefusal(good) { $0.tensors["optimizer.first.head.bias"] = nil }
        try expectRefusal(good) { $0.tensors["model.head.bias"] = nil }
        try expectRefusal(good) { $0.tensors["model.head.bias"] = try Tensor([1], [Float(1)]) }
        try expectRefusal(good) { $0.tensors["model.other"] = try Tensor([1], [Float(1)]) }
    }

    @Test func truncatedFilesAreRefused() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
        for length in [0, 7, 8, 100, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: checkpoint))
            let error = #expect(throws: (any Error).self) { try resume() }
            #expect("\(try #require(error))".contains(checkpoint))
        }
        try FileManager.default.removeItem(atPath: checkpoint)
        let error = #expect(throws: (any Error).self) { try resume() }
        #expect("\(try #require(error))".contains(checkpoint))
    }

    private func expectRefusal(_ good: SafetensorsFile, _ change: (inout SafetensorsFile) throws -> Void) throws {
        var file = good
        try change(&file)
        try file.write(to: checkpoint)
        let error = #expect(throws: (any Error).self) { try resume() }
        #expect("\(try #require(error))".contains(checkpoint))
    }
}
