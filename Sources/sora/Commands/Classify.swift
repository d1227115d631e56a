import ArgumentParser
import Foundation
import Media
import Neural
import SoraModel

struct Classify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which of a model's labels fit new video files.",
        discussion: """
            --sampling fast takes key frames, and frames that others refer to, near those the model asks for: the result \
            says how far off they were, in seconds. --reuse T sends a frame through the network only if it differs from \
            the last one that went by more than T, and says what share was saved. --compare shows what either does to \
            the embedding.

            Example:
              sora classify model.safetensors clip.mp4
              sora classify model.safetensors clip.mp4 --sampling fast --reuse 2 --compare
              sora classify model.safetensors --top 3 --json incoming/*.mp4
              sora classify model.safetensors clip.mp4 --classifier svm
              sora classify model.safetensors --unknown-below 0.7 incoming/*.mp4
            """)

    @Argument(help: "A model file.", completion: .file())
    var model: String

    @Argument(help: "Video files.", completion: .file())
    var files: [String]

    @OptionGroup var choice: ClassifierChoice

    @Option(help: "How many labels to show, likeliest first.")
    var top = 3

    @Option(help: "Answer \"unknown\" where no label has this probability; see 'sora evaluate --wanted-accuracy'.")
    var unknownBelow: Float?

    @OptionGroup var input: InputOptions
    @OptionGroup var common: CommonOptions

    private struct Row: Encodable {
        struct Label: Encodable {
            var label: String
            var probability: Float
        }
        var path: String
        var labels: [Label]
        /// Whether the answer is "unknown"; nil where that was not asked for.
        var unknown: Bool?
        var damagedFrames: Int
        var shortcuts: Shortcuts

        private enum CodingKeys: CodingKey { case path, labels, unknown, damagedFrames }

        func encode(to encoder: any Encoder) throws {
            try shortcuts.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(labels, forKey: .labels)
            try container.encodeIfPresent(unknown, forKey: .unknown)
            try container.encode(damagedFrames, forKey: .damagedFrames)
        }
    }

    func validate() throws {
        try Bounds.check("--top", top, 1...100_000, "labels")
        try Bounds.check("--unknown-below", unknownBelow, 0...1)
    }

    func run() throws {
        let model = try ModelArgument.read(model)
        let classifier = try choice.classifier(of: model)
        let labels = classifier?.labels ?? model.configuration.labels
        try input.predict(model, classifier: classifier, files: files, json: common.json) { outcome in
            let ranking = outcome.prediction.ranking.prefix(top)
            let row = Row(
                path: outcome.path,
                labels: ranking.map {
                    Row.Label(label: labels[$0], probability: outcome.prediction.probabilities[$0])
                },
                unknown: unknownBelow.map { (outcome.prediction.probabilities.max() ?? 0) < $0 },
                damagedFrames: outcome.damagedCount, shortcuts: Shortcuts(outcome, input))
            guard !common.json else { return Console.result(try row.jsonLine()) }
            let shares =
                (row.unknown == true ? ["unknown"] : [])
                + row.labels.map { "\($0.label) \(String(format: "%.1f%%", $0.probability * 100))" }
            let damage = row.damagedFrames > 0 ? "  (\(row.damagedFrames) damaged frames)" : ""
            let short = row.shortcuts.text.isEmpty ? "" : "  (\(row.shortcuts.text))"
            Console.result("\(row.path)  \(shares.joined(separator: "  "))\(damage)\(short)")
        }
    }
}
