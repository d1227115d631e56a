import ArgumentParser
import Datasets
import Foundation
import SoraModel
import Training

struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Search for the settings that suit some clips, within so many minutes.",
        discussion: """
            Settings are drawn at random: learning rate, strength of augmentation, MixUp, dropout, weight decay, label \
            smoothing, fusion over time; those that you give stay as given. Each draw is cross-validated over groups, and \
            given up as soon as it is behind the median of the others. The first trial has the settings as given, so that \
            the last lines say what the search was worth.

            A search that was stopped, or whose time was up, goes on when it is started again with the same options. \
            The figures are those of the clips that the settings were chosen by, so the best one's is too good: measure it \
            on others, which --hold-out leaves out.

            Example:
              sora tune --data clips.csv --group-by scene --minutes 60
              sora tune --data clips.csv --group-by scene --fold-column fold --hold-out fold=3 --epochs 10
              sora tune --data clips.csv --group-by scene --preset resnet18 --weights w.safetensors --freeze backbone
            """)

    @OptionGroup(title: "Data") var source: DataOptions

    @OptionGroup var dealing: FoldOptions

    @Option(help: "Leave out the clips with this value in a column, to evaluate on later: fold=3.")
    var holdOut: Manifest.Selection?

    @Option(help: "Minutes to search for, this time.")
    var minutes = 30.0

    @Option(help: "Most settings to try; as many as there is time for where not given.")
    var trials: Int?

    @Option(help: "Folder for the predictions of each trial.", completion: .directory)
    var out = "tuning"

    @OptionGroup var recipe: TrainingRecipe

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--minutes", minutes, 0.01...100_000)
        try Bounds.check("--trials", trials, 1...100_000)
    }

    /// Draws in a row that were tried before, after which there is taken to be nothing new.
    private static let mostRepeats = 200

    func run() throws {
        let start = ContinuousClock.now
        let deadline = start + .seconds(minutes * 60)
        var manifest = try dealing.grouped(source.manifest(), by: recipe.groupBy)
        if let holdOut { manifest = try manifest.selecting(holdOut, inverted: true) }
        let folds = try dealing.folds(of: manifest, seed: recipe.training.seed)
        var done: [TuningTrial] = []
        var seen: Set<TuningChoice> = []
        var (number, repeats) = (0, 0)
        while done.count < trials ?? .max, repeats < Self.mostRepeats, ContinuousClock.now < deadline {
            let choice = TuningChoice(trial: number, seed: recipe.training.seed).open(in: recipe)
            defer { number += 1 }
            guard seen.insert(choice).inserted else {
                repeats += 1
                continue
            }
            repeats = 0
            var trial = TuningTrial(number: number, choice: choice)
            do {
                try measure(&trial, manifest, folds, others: done, until: deadline)
            } catch let error where !done.isEmpty && !(error is ExitCode) {
                (trial.end, trial.error) = (.failed, "\(error)")
            }
            done.append(trial)
            Console.note(TuningReport(done, folds: folds.count, minutes: minutes).line(trial))
        }
        try conclude(done, folds, ContinuousClock.now - start)
    }

    /// Cross-validates a trial, fold after fold, until it is done, behind, or the time is up.
    private func measure(
        _ trial: inout TuningTrial, _ manifest: Manifest, _ folds: [Fold], others: [TuningTrial],
        until deadline: ContinuousClock.Instant
    ) throws {
        let validation = try CrossValidation(
            trial.choice.applied(to: recipe), manifest, folds: folds, out: "\(out)/trial-\(trial.number)")
        let epochs = validation.plan.options.epochs
        let progress = ProgressBar(
            total: folds.count * epochs, style: Console.progressStyle, sink: Console.progress)
        defer { progress.clear() }
        let number = trial.number
        var tables: [PredictionTable] = []
        for (index, round) in validation.rounds.enumerated() {
            if let known = try validation.folder.predictions(of: round.fold) {
                tables.append(known)
            } else {
                let end = try validation.train(round) { output, isResumed in
                    TrainingSession(output: output, json: false, isResumed: isResumed, deadline: deadline) { record in
                        progress.show(index * epochs + record.epoch, "trial \(number), fold \(round.fold.name)")
                    }
                }
                guard end != .interrupted else {
                    trial.end = .outOfTime
                    return
                }
                let judged = try validation.judge(round)
                judged.noteFailures()
                tables.append(judged.table)
                validation.folder.removeModel(of: round.fold)
            }
            trial.figures = try PredictionTable(joining: tables).figures()
            trial.scores.append(trial.figures[.macroF1] ?? 0)
            if trial.scores.count < folds.count,
                MedianStopping.isBehind(trial.scores, others: others.map(\.scores))
            {
                trial.end = .behind
                return
            }
        }
    }

    private func conclude(_ done: [TuningTrial], _ folds: [Fold], _ taken: Duration) throws {
        let minutes = Double(taken.components.seconds) / 60
        let report = TuningReport(done, folds: folds.count, minutes: minutes)
        let json = try report.jsonLine()
        try TextFile.write(json + "\n", to: out + "/trials.json")
        guard !common.json else { return Console.result(json) }
        Console.result(report.text)
        guard let best = report.best else {
            Console.result(
                "\nNo settings were measured on all folds: give more --minutes, and start it again to go on.")
            return
        }
        let options = best.choice.arguments.joined(separator: " ")
        Console.result(
            "\nThe best of \(done.count), by figures of the clips that it was chosen by: on others expect less.\n"
                + (options.isEmpty
                    ? "The settings as given were not beaten."
                    : "Train with these options beside those given here:\n  \(options)"))
    }
}
