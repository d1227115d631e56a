import ArgumentParser
import Foundation
import Media
import Neural
import SoraModel

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which of a model's labels fit new video files.",
        discussion: """
            Example:
              sora classify model.safetensors clip.mp4
              sora classify model.safetensors --top 3 --json incoming/*.mp4
            """)

    @Argument(help: "A model file.", completion: .file())
    var model: String

    @Argument(help: "Video files.", completion: .file())
    var files: [String]

    @Option(help: "How many labels to show, likeliest first.")
    var top = 3

    @OptionGroup var input: InputOptions
    @OptionGroup var common: CommonOptions

    private struct Row: Encodable {
        struct Label: Encodable {
            var label: String
            var probability: Float
        }
        var path: String
        var labels: [Label]
        var damagedFrames: Int
    }

    func validate() throws {
        try Bounds.check("--top", top, 1...100_000, "labels")
    }

    func run() throws {
        let model = try ModelArgument.read(model)
        let labels = model.configuration.labels
        try input.predict(model, files: files, json: common.json) { outcome in
            let ranking = outcome.prediction.ranking.prefix(top)
            let row = Row(
                path: outcome.path,
                labels: ranking.map {
                    Row.Label(label: labels[$0], probability: outcome.prediction.probabilities[$0])
                },
                damagedFrames: outcome.damagedCount)
            guard !common.json else { return Console.result(try row.jsonLine()) }
            let shares = row.labels.map { "\($0.label) \(String(format: "%.1f%%", $0.probability * 100))" }
            let damage = row.damagedFrames > 0 ? "  (\(row.damagedFrames) damaged frames)" : ""
            Console.result("\(row.path)  \(shares.joined(separator: "  "))\(damage)")
        }
    }
}
