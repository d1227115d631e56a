import ArgumentParser
import Foundation
import SoraModel
import Training

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a model's probabilities what they say: of answers at 0.8, four in five right.",
        discussion: """
            Finds the temperature by which the network's outputs are divided, on labelled clips that it was not trained \
            on (Guo et al. 2017), and keeps it in the model file. What a clip is called does not change, only how sure \
            the answer is. 'sora train' does the same on its validation clips; this is for clips like those that the \
            model will see.

            Example:
              sora calibrate model.safetensors --data clips.csv --only fold=2 --out calibrated.safetensors
              sora classify calibrated.safetensors clip.mp4 --unknown-below 0.7
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String

    @OptionGroup(title: "Data") var source: DataOptions

    @OptionGroup var evaluation: EvaluationOptions

    @Option(help: "Where the model file goes.", completion: .file())
    var out: String

    @OptionGroup var common: CommonOptions

    /// What was done, as JSON.
    private struct Report: Encodable {
        struct Figures: Encodable {
            var logLoss: Double
            var brier: Double
            var calibrationError: Double

            init(_ table: PredictionTable) {
                let figures = table.figures(of: [.logLoss, .brier])
                (logLoss, brier) = (figures[.logLoss] ?? 0, figures[.brier] ?? 0)
                calibrationError = table.reliability.expectedError
            }
        }
        var path: String
        var clips: Int
        var temperature: Double
        /// As the outputs are, without any temperature.
        var before: Figures
        var after: Figures
        var failures: [UndecodedClip]
    }

    func run() throws {
        try OutputPath.requireFile(out)
        let network = try ModelArgument.readTrained(model)
        network.temperature = nil
        let judged = try evaluation.judge(network, on: source.manifest(classes: network.configuration.labels))
        judged.noteFailures()
        guard let temperature = judged.temperature else {
            throw TrainingError(
                .data,
                "\(source.data): no temperature fits best, since the model is as good as always right on these "
                    + "clips; calibrate on clips that it finds harder")
        }
        network.temperature = temperature
        let head = network.configuration.head
        let rows = zip(judged.table.rows, judged.judgements.filter { head.kind == .multiLabel || $0.labels.count == 1 })
            .map { row, judgement in
                var row = row
                row.probabilities = head.probabilities(logits: judgement.logits[...], temperature: temperature)
                    .map(Double.init)
                return row
            }
        let after = try PredictionTable(
            labels: judged.table.labels, isMultiLabel: judged.table.isMultiLabel, rows: rows)
        try network.write(to: out)
        let report = Report(
            path: out, clips: judged.table.count, temperature: temperature, before: Report.Figures(judged.table),
            after: Report.Figures(after), failures: judged.failures)
        Console.result(try common.json ? report.jsonLine() : text(report))
        try FileBatch.conclude(failed: judged.failures.count, of: judged.failures.count + judged.table.count)
    }

    private func text(_ report: Report) -> String {
        func change(_ name: String, _ figure: (Report.Figures) -> Double) -> String {
            name.padded(19) + String(format: "%.3f -> %.3f", figure(report.before), figure(report.after))
        }
        return [
            "\(report.path): temperature \(String(format: "%.3f", report.temperature)) from \(report.clips) clips",
            change("log loss", \.logLoss), change("Brier score", \.brier),
            change("calibration error", \.calibrationError),
        ].joined(separator: "\n")
    }
}
