import ArgumentParser
import Datasets
import Foundation
import Media
import Neural
import SoraModel
import Training

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make videos, train on them, evaluate, embed and classify: the whole way in a few minutes.",
        discussion: """
            The videos show a textured object that moves, turns, grows or changes speed: ten classes that no single
            frame can tell apart, so a model that is right has understood the motion.

            Example:
              sora demo
              sora demo --quick --out /tmp/sora-demo
            """)

    @Option(help: "Folder for the videos and the models.", completion: .directory)
    var out = "sora-demo"

    @Flag(help: "A shortened run: fewer clips and epochs, and no accuracy to speak of.")
    var quick = false

    @Option(help: "Clips of each kind to train on.")
    var clipsPerClass: Int?

    @Option(help: "Passes over them.")
    var epochs: Int?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        var accuracy: Double
        var classified: String
        var truth: String
        var probability: Float
        var articleFramesPerSecond: Double
        var seconds: Double
    }

    func run() throws {
        let start = ContinuousClock.now
        try makeClips()
        try train()
        let metrics = try evaluate()
        let (truth, outcome) = try meetNewClip()
        let speed = try runArticle()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if common.json {
            let best = outcome.prediction.ranking[0]
            Console.result(
                try Report(
                    accuracy: metrics.accuracy, classified: MotionClips.classes[best], truth: truth,
                    probability: outcome.prediction.probabilities[best], articleFramesPerSecond: speed,
                    seconds: seconds
                ).jsonLine())
        } else {
            Console.result(Self.nextSteps(out, seconds: seconds))
        }
    }

    private var clips: String { "\(out)/clips" }
    private var heldOut: String { "\(out)/held-out" }
    private var model: String { "\(out)/model.safetensors" }
    private var trainingClips: Int { clipsPerClass ?? (quick ? 6 : 100) }
    private var heldOutPerClass: Int { quick ? 2 : 20 }

    private func say(_ line: String) { common.json ? Console.note(line) : Console.result(line) }

    private func makeClips() throws {
        let count = MotionClips.classes.count
        say("1. Making \(count * (trainingClips + heldOutPerClass)) videos of \(count) kinds of motion in \(out)/")
        try MotionClips.write(to: clips, clipsPerClass: trainingClips, seed: seed)
        try MotionClips.write(to: heldOut, clipsPerClass: heldOutPerClass, seed: seed &+ 1)
        say("   \(MotionClips.classes.joined(separator: ", "))")
    }

    private func train() throws {
        say("\n2. Training the preset 'small' at 64 pixels: sora train --data \(clips) --size 64 --out \(model)")
        let manifest = try Manifest(path: clips)
        var configuration = Preset.small.configuration
        configuration.clip.size = 64
        configuration.clip.frames = 12
        configuration.labels = manifest.classes
        var options = TrainingOptions(preset: .small)
        options.epochs = epochs ?? (quick ? 2 : 10)
        options.learningRate = 2e-3
        options.seed = seed
        let split = try Split(of: manifest, validation: 0.1, seed: seed)
        let loader = ClipLoader(
            manifest: manifest, specification: configuration.clip.specification, augmentation: options.augmentation,
            seed: seed)
        let trainer = try Trainer(
            model: Model(configuration, seed: seed), data: TrainingData(loader: loader, split: split),
            options: options, output: model, backend: OneDNNBackend())
        let session = TrainingSession(output: model, json: false)
        try session.run(trainer)
    }

    private func evaluate() throws -> Evaluation {
        say("\n3. Evaluating on videos it has not seen: sora evaluate \(model) --data \(heldOut)")
        let trained = try Model(reading: model)
        let manifest = try Manifest(path: heldOut, classes: trained.configuration.labels)
        let loader = ClipLoader(manifest: manifest, specification: trained.configuration.clip.specification)
        let metrics = try Evaluator(trained, backend: OneDNNBackend()).evaluate(
            loader.batches(of: Array(manifest.items.indices), size: 8, mode: .evaluation)
        ).metrics
        say(metrics.text)
        return metrics
    }

    private func meetNewClip() throws -> (truth: String, outcome: FilePredictor.Outcome) {
        let truth = "turn-clockwise"
        let file = "\(out)/new-clip.mp4"
        say("\n4. A new clip (\(truth)): sora classify \(model) \(file); sora embed \(model) \(file) --out …")
        let frames = try MotionClips.render(class: truth, clip: 0, seed: seed &+ 2)
        let encoder = try VideoEncoder(path: file, width: frames.width, height: frames.height)
        try encoder.append(contentsOf: frames)
        try encoder.finish()
        let trained = try Model(reading: model)
        let predictor = FilePredictor(
            try Predictor(trained, backend: OneDNNBackend()), format: trained.configuration.clip)
        var found: FilePredictor.Outcome?
        var table = EmbeddingTable()
        try predictor.predict([file]) { _, outcome in
            let outcome = try outcome.get()
            table.append(outcome)
            found = outcome
        }
        try table.write(to: "\(out)/new-clip.npy")
        guard let found else { throw ExitCode.failure }
        let labels = found.prediction.ranking.prefix(3).map {
            "\(trained.configuration.labels[$0]) \(String(format: "%.1f%%", found.prediction.probabilities[$0] * 100))"
        }
        say("   \(labels.joined(separator: ", "))")
        say("   \(found.prediction.embedding.count) numbers -> \(out)/new-clip.npy")
        return (truth, found)
    }

    /// - Returns: frames per second of its training.
    private func runArticle() throws -> Double {
        let clipCount = 10
        let frames = quick ? 20 : 100
        say("\n5. The article's own network and case: \(clipCount) clips of \(frames) frames, 224x224, one epoch")
        let folder = "\(out)/article-clips"
        var items: [Manifest.Item] = []
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for clip in 0..<clipCount {
            let name = clip % 2 == 0 ? "move-left" : "move-right"
            let path = "\(folder)/\(clip).mp4"
            let rendered = try MotionClips.render(class: name, clip: clip, frames: frames, size: 224, seed: seed)
            let encoder = try VideoEncoder(path: path, width: 224, height: 224)
            try encoder.append(contentsOf: rendered)
            try encoder.finish()
            items.append(Manifest.Item(path: path, labels: [clip % 2]))
        }
        let manifest = Manifest(source: folder, classes: ["move-left", "move-right"], items: items)
        var configuration = Preset.article.configuration
        configuration.labels = manifest.classes
        configuration.clip.frames = frames
        var options = TrainingOptions(preset: .article)
        options.epochs = 1
        let loader = ClipLoader(manifest: manifest, specification: configuration.clip.specification)
        let trainer = try Trainer(
            model: Model(configuration, seed: seed),
            data: TrainingData(loader: loader, split: Split(training: Array(items.indices), validation: [])),
            options: options, output: "\(out)/article.safetensors", backend: OneDNNBackend())
        let session = TrainingSession(output: "\(out)/article.safetensors", json: false)
        let result = try session.run(trainer)
        let seconds = result.history.last?.seconds ?? 1
        let speed = Double(clipCount * frames) / max(seconds, 1e-3)
        say(
            String(format: "   %.0f frames/s with decoding; ", speed)
                + String(format: "%.0f MiB of memory at most", SpeedMeasurement.peakMemory))
        return speed
    }

    private static func nextSteps(_ out: String, seconds: Double) -> String {
        """

        Done in \(Int(seconds.rounded())) s. Next, on videos of your own:
          sora probe FILE                                    what a file holds
          sora frames FILE --out sheet.png                   what the network would see of it
          sora train --data FOLDER --out my.safetensors      a folder of videos for each class
          sora evaluate my.safetensors --data FOLDER         accuracy, recall, F1, confusion
          sora classify my.safetensors FILE…                 labels for new files
          sora embed my.safetensors FILE… --out vectors.npy  vectors for new files
          sora info \(out)/model.safetensors
        """
    }
}
