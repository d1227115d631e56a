import ArgumentParser
import Datasets
import Foundation
import SoraModel
import Training

/// A training run on the command line: what it says before, during and after, its history file, and its figures for
/// TensorBoard.
struct TrainingSession {
    /// The model file; the history goes beside it.
    let output: String
    /// Results are JSON.
    let json: Bool
    /// It goes on with an earlier run.
    var isResumed = false
    /// When it stops, as if it had been interrupted.
    var deadline: ContinuousClock.Instant?
    /// Shows epochs as they end, in the place of lines for each.
    var onEpoch: ((EpochRecord) -> Void)?

    private var historyPath: String { output + ".history.csv" }

    /// Says what is about to be trained on what.
    func announce(_ configuration: ModelConfiguration, _ data: TrainingData, _ options: TrainingOptions) {
        guard onEpoch == nil else { return }
        let (clip, manifest, split) = (configuration.clip, data.loader.manifest, data.split)
        Console.note(
            """
            \(configuration.preset): \(counted(clip.frames, "frame")) of \(clip.size)x\(clip.size) pixels, \
            \(configuration.head.kind.rawValue) head, \(counted(configuration.labels.count, "class")), seed \(options.seed)
            \(counted(split.training.count, "clip")) to train with, \(split.validation.count) to validate with
            """)
        for (name, count) in zip(manifest.classes, manifest.countsByClass) where count < 5 {
            Console.note("note: class \(name) has only \(counted(count, "clip"))")
        }
        announceBalance(data.balance(options.balance, head: configuration.head), data.imbalance)
    }

    /// Says what is about to be trained on so many clips without labels.
    func announce(_ configuration: ModelConfiguration, unlabelled clips: Int, _ options: TrainingOptions) {
        let clip = configuration.clip
        Console.note(
            """
            \(configuration.preset): \(clip.frames) frames of \(clip.size)x\(clip.size) pixels, vectors of \
            \(configuration.embeddingSize ?? configuration.temporal.outputSize) numbers, seed \(options.seed)
            \(clips) clips, \(options.batchSize) pairs of views a step; the accuracy is that of telling \
            \(options.contrast?.plays == true ? "how a clip is played" : "what moves in a clip, and how"): \
            \(configuration.labels.joined(separator: ", "))
            """)
    }

    /// Says what is done about classes of unequal size, where they are or something is.
    private func announceBalance(_ balance: ClassBalance, _ imbalance: Imbalance) {
        let sizes = "\(imbalance): "
        switch balance {
        case .weights: Console.note(sizes + "errors on rare classes count more (--balance weights)")
        case .sampling: Console.note(sizes + "rare classes are drawn as often as frequent ones (--balance sampling)")
        case .none where imbalance.isLarge: Console.note(sizes + "nothing is done about it (--balance none)")
        case .auto, .none: break
        }
    }

    /// Trains, shows the progress, keeps the history file up to date, and names the clips that failed.
    /// - Parameter damaged: asked at the end for the clips of which not all frames could be decoded.
    /// - Throws: what the run throws; `ExitCode` 128 and the signal's number if one interrupted it.
    @discardableResult
    func run(_ trainer: Trainer, damaged: () -> [ClipLoader.Damage]) throws -> TrainingResult {
        let interruption = Interruption()
        let lines = onEpoch == nil ? TrainingProgress(style: Console.progressStyle, sink: Console.progress) : nil
        var history = TrainingHistory(trainer.history)
        let events = EventLog(folder: output + ".events", isResumed: isResumed)
        var failure: (any Error)?
        let isOver = { interruption.exitStatus != nil || deadline.map { ContinuousClock.now >= $0 } ?? false }
        let result = try trainer.run(isInterrupted: isOver) { event in
            lines?.observe(event)
            events.observe(event)
            guard case .epochEnded(let record) = event else { return }
            onEpoch?(record)
            history.append(record)
            do { try history.write(to: historyPath) } catch { failure = failure ?? error }
        }
        for failure in [failure, events.failure].compactMap(\.self) { Console.failure(failure) }
        for damage in damaged() { Console.note("note: \(damage)") }
        if onEpoch == nil { report(result) }
        if let status = interruption.exitStatus, result.end == .interrupted { throw ExitCode(status) }
        return result
    }

    private struct Report: Encodable {
        struct Failure: Encodable {
            var path: String
            var error: String
        }
        var end: TrainingResult.End
        var model: String
        var bestEpoch: Int?
        var history: [EpochRecord]
        var failures: [Failure]
    }

    private func report(_ result: TrainingResult) {
        for failure in result.failures { Console.note("sora: left out: \(failure.reason)") }
        if !result.failures.isEmpty {
            Console.note("\(counted(result.failures.count, "clip")) could not be decoded, and left out")
        }
        switch result.end {
        case .interrupted: Console.note("stopped; go on with --resume")
        case .exhausted: Console.note("stopped early: the validation had stopped getting better")
        case .finished: break
        }
        if json {
            let report = Report(
                end: result.end, model: output, bestEpoch: result.bestEpoch, history: result.history,
                failures: result.failures.map { Report.Failure(path: $0.path, error: $0.reason) })
            if let line = try? report.jsonLine() { Console.result(line) }
        } else if let best = result.bestEpoch {
            Console.note("\(output): the weights of epoch \(best); figures of each epoch in \(historyPath)")
        }
    }
}
