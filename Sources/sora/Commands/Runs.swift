import ArgumentParser
import Foundation
import Training

struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List training runs, the best first.",
        discussion: """
            Every run leaves MODEL.history.csv beside its model. Folders are searched for these, and the folders in them. \
            'best' is the epoch whose weights are in the model file: that with the highest macro F1 on the validation \
            clips and, of equals, the lowest loss; val_f1, val_acc and val_loss are its figures, loss is the last \
            epoch's on the training clips. Below stands what the runs were set to that differs, from the checkpoints beside \
            the models.

            Example:
              sora runs
              sora runs experiments/ --plot curves.svg
              sora runs a.safetensors b.safetensors --json
            """)

    @Argument(help: "Folders, model files or history files (default: this folder).", completion: .file())
    var places: [String] = ["."]

    @Option(help: "Draw the runs' curves into this .svg file.", completion: .file())
    var plot: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let plot, URL(fileURLWithPath: plot).pathExtension.lowercased() != "svg" {
            throw ValidationError("\(plot): curves are drawn as .svg")
        }
    }

    func run() throws {
        if let plot { try OutputPath.requireFile(plot) }
        var (runs, failed, count) = ([TrainingRun](), 0, 0)
        func attempt(_ file: String, _ body: () throws -> Void) throws {
            count += 1
            do { try body() } catch {
                failed += 1
                try FileBatch.report(error, file: file, json: common.json)
            }
        }
        var files: [String] = []
        for place in places {
            do {
                files += try TrainingRun.histories(at: place).filter { !files.contains($0) }
            } catch {
                try attempt(place) { throw error }
            }
        }
        for file in files {
            try attempt(file) {
                var run = try TrainingRun(history: file)
                defer { runs.append(run) }
                try run.readModel()
            }
        }
        runs.sort(by: TrainingRun.precedes)
        if common.json {
            for run in runs { Console.result(try run.jsonLine()) }
        } else if !runs.isEmpty {
            for line in table(runs) + differences(runs) { Console.result(line) }
        }
        if let plot, !runs.isEmpty {
            try RunCurves(runs).write(to: plot)
            let left = runs.count - RunCurves.most
            Console.note("curves -> \(plot)" + (left > 0 ? " (without the last \(left) runs)" : ""))
        }
        try FileBatch.conclude(failed: failed, of: count)
    }

    /// What the runs were set to, where that is not the same for all.
    private func differences(_ runs: [TrainingRun]) -> [String] {
        let names = RunSettings.differing(among: runs)
        guard !names.isEmpty else { return [] }
        let known = runs.filter { !$0.settings.isEmpty }
        let width = max(known.map(\.model.count).max() ?? 0, 5) + 2
        return ["", "settings that differ"]
            + known.map { run in
                run.model.padded(width) + names.map { "\($0) \(run.settings[$0] ?? "-")" }.joined(separator: ", ")
            }
    }

    /// A header and a line for each run.
    private func table(_ runs: [TrainingRun]) -> [String] {
        let width = max(runs.map(\.model.count).max() ?? 0, 5) + 2
        func line(_ name: String, _ preset: String, _ numbers: [String]) -> String {
            name.padded(width) + preset.padded(13) + numbers.map { $0.padded(9, right: true) }.joined()
        }
        func figure(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        let header = line(
            "model", "preset", ["labels", "epochs", "best", "val_f1", "val_acc", "val_loss", "loss", "time"])
        return [header]
            + runs.map { run in
                line(
                    run.model, run.preset ?? "-",
                    [
                        run.labels.map { "\($0.count)" } ?? "-", "\(run.epochs)", "\(run.best.epoch)",
                        figure(run.best.validationF1), figure(run.best.validationAccuracy),
                        figure(run.best.validationLoss), figure(run.finalLoss), ProgressStyle.time(run.seconds),
                    ])
            }
    }
}
