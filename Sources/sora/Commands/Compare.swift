import ArgumentParser
import SoraModel
import Training

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare two models on the same labelled clips: is one better by more than chance?",
        discussion: """
            Each of the two is a model file, which then judges the clips of --data, or a file of predictions that \
            'sora evaluate' or 'sora crossvalidate' has written. Differences come with their 95% interval, from the same \
            draws of clips for both, and with McNemar's exact test.

            Example:
              sora compare old.safetensors new.safetensors --data held-out/
              sora compare small/predictions.csv resnet18/predictions.csv
              sora compare a.safetensors b.safetensors --data clips.csv --only fold=3 --group-by scene --json
            """)

    @Argument(help: "A model file, 'default', or predictions as .csv or .jsonl.", completion: .file())
    var first: String

    @Argument(help: "The other one.", completion: .file())
    var second: String

    @Option(
        help: ArgumentHelp(
            "For model files: a folder with a folder of videos per class, or a manifest.",
            valueName: "folder|manifest"), completion: .file())
    var data: String?

    @Flag(help: "Leave out clips whose files are missing, rather than stop.")
    var skipMissing = false

    @OptionGroup var choice: ClassifierChoice

    @OptionGroup var evaluation: EvaluationOptions

    @Option(help: "How often clips are drawn anew for the intervals; 0 for none.")
    var resamples = 1000

    @Option(help: "Seed of these draws.")
    var resamplingSeed: UInt64 = 0

    @OptionGroup var common: CommonOptions

    private var isModel: [Bool] { [first, second].map { (try? PredictionTable.Format(path: $0)) == nil } }

    func validate() throws {
        try Bounds.check("--resamples", resamples, 0...1_000_000)
        if isModel.contains(true), data == nil {
            throw ValidationError("--data is needed for model files to judge")
        }
    }

    private struct Report: Encodable {
        var first: String
        var second: String
        var comparison: PairedComparison

        private enum CodingKeys: CodingKey { case first, second }

        func encode(to encoder: any Encoder) throws {
            try comparison.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(first, forKey: .first)
            try container.encode(second, forKey: .second)
        }
    }

    func run() throws {
        var failures: [UndecodedClip] = []
        let tables = try zip([first, second], isModel).map { path, isModel in
            guard isModel else { return try PredictionTable(reading: path) }
            let model = try ModelArgument.read(path)
            let classifier = try choice.classifier(of: model)
            let manifest = try DataOptions.manifest(
                at: data ?? "", skipMissing: skipMissing, classes: classifier?.labels ?? model.configuration.labels)
            let judged = try evaluation.judge(model, classifier, on: manifest)
            if failures.isEmpty {
                judged.noteFailures()
                failures = judged.failures
            }
            return judged.table
        }
        let comparison = try PairedComparison(tables[0], tables[1], samples: resamples, seed: resamplingSeed)
        let report = Report(first: first, second: second, comparison: comparison)
        Console.result(try common.json ? report.jsonLine() : comparison.text(first: first, second: second))
        try FileBatch.conclude(failed: failures.count, of: failures.count + comparison.count)
    }
}
