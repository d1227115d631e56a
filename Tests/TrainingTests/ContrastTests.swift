import Datasets
import Foundation
import Neural
import SoraModel
import Testing
import Training

/// Training without labels.
@Suite struct ContrastTests {
    private let run: TestRun
    init() throws { run = try TestRun() }

    private static let configuration = TestRun.configuration(
        head: Head(), labels: Playback.allCases.map(\.rawValue))

    private func options(epochs: Int = 3, queue: Int = 6) -> TrainingOptions {
        var options = TestRun.options(epochs: epochs)
        options.contrast = Contrast(queue: queue)
        options.augmentation = .strength(3)
        return options
    }

    private func trainer(_ options: TrainingOptions, output: String, resumes: Bool = false) throws -> Trainer {
        let manifest = try Manifest(unlabelled: run.file("clips"))
        let loader = ClipLoader(
            manifest: manifest, specification: Self.configuration.clip.specification,
            augmentation: options.augmentation, seed: options.seed)
        return try Trainer(
            model: Model(Self.configuration, seed: options.seed),
            data: TrainingData(
                loader: loader, split: Split(training: Array(manifest.items.indices), validation: [])),
            options: options, output: run.file(output), resumes: resumes, backend: OneDNNBackend())
    }

    /// Pairs are two views of the same clips, played alike, and no others.
    @Test func pairsStandInHalves() throws {
        let manifest = try Manifest(unlabelled: run.file("clips"))
        let loader = ClipLoader(
            manifest: manifest, specification: Self.configuration.clip.specification, augmentation: .strength(3))
        let batches = loader.pairs(of: Array(manifest.items.indices), size: 5, epoch: 2)
        #expect(batches.stepCount == 4)
        var seen: [Int] = []
        for batch in batches {
            let half = batch.count / 2
            #expect(Array(batch.clipIndices[..<half]) == Array(batch.clipIndices[half...]))
            #expect(Array(batch.labels[..<half]) == Array(batch.labels[half...]))
            #expect(Array(batch.views[..<half]) == [Int](repeating: 4, count: half))
            #expect(Array(batch.views[half...]) == [Int](repeating: 5, count: half))
            #expect(batch.labels.allSatisfy { $0.count == 1 && (0..<4).contains($0[0]) })
            let clip = batch.frames.count / batch.count
            #expect(batch.frames[..<clip] != batch.frames[half * clip..<(half + 1) * clip])
            seen += batch.clipIndices[..<half]
        }
        #expect(seen.sorted() == Array(manifest.items.indices))
    }

    /// What a step minimises, against the same in float64 by hand, with a queue that holds clips of the batch too.
    @Test func theLossIsInfoNCEWithTheQueue() throws {
        let contrast = Contrast(temperature: 0.2, queue: 3, taskWeight: 0.25)
        var graph = Graph()
        let embedding = try graph.input("embedding", TensorType([4, 2]))
        let logits = try graph.input("logits", TensorType([4, 4]))
        let loss = try contrast.build(&graph, embedding: embedding, logits: logits, head: Head())
        let rows: [[Double]] = [[1, 0.2], [0.3, -1], [0.9, 0.5], [-0.2, -0.7]]
        let queue: [[Double]] = [[0.6, 0.8], [-1, 0], [0, 1]]
        let bias: [Float] = [0, 0, -1e4, -1e4, 0, 0]
        let targets: [Float] = [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0]
        let found = try OneDNNBackend().compile(graph, outputs: [GraphOutput(loss)]).run(
            [
                "embedding": Tensor([4, 2], rows.joined().map(Float.init)),
                "logits": Tensor([4, 4], [Float](repeating: 0, count: 16)), "targets": Tensor([4, 4], targets),
                "queue": Tensor([3, 2], queue.joined().map(Float.init)), "queueBias": Tensor([2, 3], bias),
            ], parameters: ParameterBuffer([]), gradients: nil)[0].floats[0]
        func unit(_ v: [Double]) -> [Double] {
            let length = (v[0] * v[0] + v[1] * v[1]).squareRoot()
            return v.map { $0 / length }
        }
        func score(_ a: [Double], _ b: [Double]) -> Double { exp((a[0] * b[0] + a[1] * b[1]) / 0.2) }
        let sides = [Array(rows[..<2]).map(unit), Array(rows[2...]).map(unit)]
        var expected = 0.0
        for (own, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            for row in 0..<2 {
                let wrong = queue.indices.filter { bias[row * 3 + $0] == 0 }.reduce(0) {
                    $0 + score(own[row], queue[$1])
                }
                let all = score(own[row], other[0]) + score(own[row], other[1]) + wrong
                expected -= log(score(own[row], other[row]) / all) / 4
            }
        }
        expected += 0.25 * log(4)
        #expect(abs(Double(found) - expected) < 1e-5 * expected)
    }

    @Test func lossFallsAndViewsComeTogether() throws {
        // Without a queue, which makes the task harder as it fills.
        let losses = try trainer(options(epochs: 40, queue: 0), output: "m").run().history.map(\.loss)
        #expect(losses[37...].reduce(0, +) < 0.8 * losses[..<3].reduce(0, +), "\(losses)")
        let model = try Model(reading: run.file("m"))
        #expect(model.configuration.labels == ["forward", "slow", "backward", "slow-backward"])
    }

    /// The queue is part of what a killed run resumes from.
    @Test func stoppedRunsEndAlike() throws {
        let whole = try trainer(options(), output: "whole").run()
        var steps = 0
        let first = try trainer(options(), output: "stopped").run(
            isInterrupted: { steps == 6 }, observe: { if case .stepEnded = $0 { steps += 1 } })
        #expect(first.end == .interrupted)
        let second = try trainer(options(), output: "stopped", resumes: true).run()
        #expect(second.history.timeless == whole.history.timeless)
        let (a, b) = (try Model(reading: run.file("whole")), try Model(reading: run.file("stopped")))
        for parameter in a.parameters.parameters {
            #expect(try a.parameters.tensor(parameter.name).floats == b.parameters.tensor(parameter.name).floats)
        }
    }

    @Test func nonsenseIsRefused() throws {
        for (change, words): ((inout TrainingOptions) -> Void, [String]) in [
            ({ $0.contrast?.temperature = 0 }, ["temperature"]), ({ $0.contrast?.queue = -1 }, ["queue"]),
            ({ $0.contrast?.taskWeight = .nan }, ["second task"]), ({ $0.frozenStages = 1 }, ["frozen"]),
        ] {
            var options = options()
            change(&options)
            expectTrainingError(.options, words) { try options.validate() }
        }
    }
}
