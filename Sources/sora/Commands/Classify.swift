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

            --out writes a table: a .csv or .jsonl file with the likeliest label and the probability of each, or an .npy \
            array [file, label] with the paths and the labels beside it, in OUT.paths.txt and OUT.labels.txt. Files that \
            fail are left out.

            Example:
              sora classify model.safetensors clip.mp4
              sora classify model.safetensors clip.mp4 --sampling fast --reuse 2 --compare
              sora classify model.safetensors --top 3 --json incoming/*.mp4
              sora classify model.safetensors incoming/*.mp4 --out labels.csv
              sora classify model.safetensors clip.mp4 --classifier svm
              sora classify model.safetensors --unknown-below 0.7 incoming/*.mp4
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String

    @Argument(help: "Video files.", completion: .file())
    var files: [String]

    @OptionGroup var choice: ClassifierChoice

    @Option(help: "How many labels to show, likeliest first.")
    var top = 3

    @Option(help: "A file ending in .npy, .csv or .jsonl.", completion: .file())
    var out: String?

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

        init(_ outcome: FilePredictor.Outcome, labels names: [String], _ options: Classify) {
            path = outcome.path
            labels = outcome.prediction.ranking.prefix(options.top).map {
                Label(label: names[$0], probability: outcome.prediction.probabilities[$0])
            }
            unknown = options.unknownBelow.map { (outcome.prediction.probabilities.max() ?? 0) < $0 }
            damagedFrames = outcome.damagedCount
            shortcuts = Shortcuts(outcome, options.input)
        }

        var text: String {
            let shares =
                (unknown == true ? ["unknown"] : [])
                + labels.map { "\($0.label) \(String(format: "%.1f%%", $0.probability * 100))" }
            let damage = damagedFrames > 0 ? "  (\(damagedFrames) damaged frames)" : ""
            let short = shortcuts.text.isEmpty ? "" : "  (\(shortcuts.text))"
            return "\(path)  \(shares.joined(separator: "  "))\(damage)\(short)"
        }

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
        if let out { _ = try TableFormat(path: out) }
    }

    func run() throws {
        if let out { try OutputPath.requireFile(out) }
        let model = try ModelArgument.read(model)
        let classifier = try choice.classifier(of: model)
        let labels = classifier?.labels ?? model.configuration.labels
        var table = ClassificationTable(labels: labels)
        // What was classified is written even if some files failed: the failure is told at the end.
        let result = Result {
            try input.predict(model, classifier: classifier, files: files, json: common.json) { outcome in
                let row = Row(outcome, labels: labels, self)
                table.append(outcome, isUnknown: row.unknown == true)
                if common.json { return Console.result(try row.jsonLine()) }
                if out == nil { Console.result(row.text) }
            }
        }
        if let out, !table.rows.isEmpty {
            try table.write(to: out)
            if !common.json {
                let files = table.rows.count == 1 ? "1 file" : "\(table.rows.count) files"
                Console.result("\(files), \(labels.count) labels -> \(out)")
            }
        }
        try result.get()
    }
}
