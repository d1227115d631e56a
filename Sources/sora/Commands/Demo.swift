import ArgumentParser
import Datasets
import Foundation
import Media
import Training

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make videos, train on them, evaluate, embed and classify: the whole way in a few minutes.",
        discussion: """
            The videos show a textured object that moves, turns, grows or changes speed: ten classes that no single \
            frame can tell apart, so a model that is right has understood the motion. Each step is a command that is \
            shown as you would type it.

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
        var model: String
        var accuracy: Double
        var seconds: Double
    }

    func validate() throws {
        if let clipsPerClass { try Bounds.check("--clips-per-class", clipsPerClass, 2...100_000, "clips") }
        if let epochs { try Bounds.check("--epochs", epochs, 1...100_000) }
    }

    func run() throws {
        let start = ContinuousClock.now
        Console.resultsGoToErrors = common.json
        defer { Console.resultsGoToErrors = false }
        try makeClips()
        try train()
        let accuracy = try evaluate()
        try meetNewClip()
        try runArticle()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Console.result(nextSteps(seconds: seconds))
        Console.resultsGoToErrors = false
        if common.json {
            Console.result(try Report(model: model, accuracy: accuracy, seconds: seconds).jsonLine())
        }
    }

    private var clips: String { "\(out)/clips" }
    private var heldOut: String { "\(out)/held-out" }
    private var model: String { "\(out)/model.safetensors" }

    /// Shows the command as it would be typed, and reads it as if it had been.
    private func command<Command: ParsableCommand>(
        _ type: Command.Type, _ name: String, _ arguments: [String]
    ) throws -> Command {
        Console.result("   $ sora \(name) \(arguments.joined(separator: " "))")
        guard let command = try Command.parseAsRoot(arguments) as? Command else { throw ExitCode.failure }
        return command
    }

    private func makeClips() throws {
        let training = clipsPerClass ?? (quick ? 6 : 280)
        let testing = quick ? 2 : 20
        let count = MotionClips.classes.count
        Console.result("1. Making \(count * (training + testing)) videos of \(count) kinds of motion in \(out)/")
        try MotionClips.write(to: clips, clipsPerClass: training, seed: seed)
        try MotionClips.write(to: heldOut, clipsPerClass: testing, seed: seed &+ 1)
        Console.result("   \(MotionClips.classes.joined(separator: ", "))")
    }

    private func train() throws {
        Console.result("\n2. Training the preset 'small' on small pictures, since these objects are large")
        let epochs = epochs ?? (quick ? 2 : 8)
        try command(
            Train.self, "train",
            [
                "--data", clips, "--out", model, "--size", "56", "--frames", "8", "--epochs", "\(epochs)",
                "--learning-rate", "0.003", "--validation", "0.05", "--seed", "\(seed)",
            ]
        ).run()
    }

    /// - Returns: the share of clips that were right.
    private func evaluate() throws -> Double {
        Console.result("\n3. Evaluating on videos it has not seen")
        let report = try command(Evaluate.self, "evaluate", [model, "--data", heldOut]).measure()
        Console.result(report.assessment.text)
        return report.metrics.accuracy
    }

    private func meetNewClip() throws {
        let truth = "speed-up"
        let file = "\(out)/new-clip.mp4"
        Console.result("\n4. A new clip: it shows \(truth)")
        let frames = try MotionClips.render(class: truth, clip: 0, seed: seed &+ 2)
        let encoder = try VideoEncoder(path: file, width: frames.width, height: frames.height)
        try encoder.append(contentsOf: frames)
        try encoder.finish()
        try command(Classify.self, "classify", [model, file]).run()
        try command(Embed.self, "embed", [model, file, "--out", "\(out)/new-clip.npy"]).run()
    }

    private func runArticle() throws {
        let frames = quick ? 20 : 100
        Console.result("\n5. The article's own network and case: 10 clips of \(frames) frames of 224x224, one epoch")
        let folder = "\(out)/article-clips"
        try MotionClips.write(
            to: folder, classes: ["move-left", "move-right"], clipsPerClass: 5, frames: frames, size: 224, seed: seed)
        let trained = "\(out)/article.safetensors"
        try command(
            Train.self, "train",
            [
                "--data", folder, "--preset", "article", "--frames", "\(frames)", "--epochs", "1", "--validation", "0",
                "--out", trained,
            ]
        ).run()
        let seconds = try TrainingHistory(reading: trained + ".history.csv").records.last?.seconds ?? 0
        Console.result(
            String(format: "   %.0f frames/s with decoding; ", Double(10 * frames) / max(seconds, 1e-3))
                + String(format: "%.0f MiB of memory at most, all steps included", SpeedMeasurement.peakMemory))
    }

    private func nextSteps(seconds: Double) -> String {
        """

        Done in \(Int(seconds.rounded())) s. Next, on videos of your own:
          sora probe FILE                                    what a file holds
          sora frames FILE --out sheet.png                   what the network would see of it
          sora train --data FOLDER --out my.safetensors      a folder of videos for each class
          sora evaluate my.safetensors --data FOLDER         accuracy, recall, F1, confusion
          sora classify my.safetensors FILE…                 labels for new files
          sora embed my.safetensors FILE… --out vectors.npy  vectors for new files
          sora info \(model)
        """
    }
}
