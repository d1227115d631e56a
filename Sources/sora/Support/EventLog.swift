import Interop
import Training

/// A run's figures for TensorBoard, in a folder beside the history. What goes wrong with it is kept, and stops it alone.
final class EventLog {
    /// What went wrong first.
    private(set) var failure: (any Error)?
    private let folder: String
    private let isResumed: Bool
    private var file: EventFile?
    /// The epoch under way, from 1, and its steps.
    private var epoch = (number: 1, steps: 1)

    /// - Parameters:
    ///   - folder: is made once there is something to write.
    ///   - isResumed: what is in the folder belongs to the same run.
    init(folder: String, isResumed: Bool) {
        self.folder = folder
        self.isResumed = isResumed
    }

    /// Writes what happened; to be handed to `Trainer.run`.
    ///
    /// Figures of an epoch are written at its number, those of the epoch so far at about a hundred of its steps.
    func observe(_ event: TrainingEvent) {
        guard failure == nil else { return }
        do {
            switch event {
            case .epochBegan(let number, _, let steps): epoch = (number, steps)
            case .stepEnded(let step, let steps, let loss, let accuracy):
                let number = (epoch.number - 1) * steps + step
                let file = try opened(at: number)
                guard step % max(1, steps / 100) == 0 || step == steps else { return }
                try file.append([("step/loss", loss), ("step/accuracy", accuracy)], step: number)
            case .epochEnded(let record):
                let figures: [(name: String, value: Double?)] = [
                    ("loss", record.loss), ("accuracy", record.accuracy), ("val_loss", record.validationLoss),
                    ("val_accuracy", record.validationAccuracy), ("val_f1", record.validationF1),
                    ("learning_rate", record.learningRate), ("seconds", record.seconds),
                ]
                try opened(at: record.epoch * epoch.steps + 1).append(
                    figures.compactMap { figure in figure.value.map { (figure.name, $0) } }, step: record.epoch)
            }
        } catch {
            failure = error
        }
    }

    private func opened(at step: Int) throws -> EventFile {
        if let file { return file }
        if !isResumed { EventFile.removeAll(in: folder) }
        let new = try EventFile(folder: folder, startingAt: step)
        file = new
        return new
    }
}
