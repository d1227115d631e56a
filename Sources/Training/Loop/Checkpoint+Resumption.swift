import Neural
import SoraModel

extension Checkpoint {
    /// Checks that a run may go on from the checkpoint, before any of it is taken up.
    ///
    /// The number of epochs may be another where nothing done so far depends on it, and so may the patience.
    /// - Throws: `TrainingError.checkpoint` naming the file, if it is of another run or its state is damaged.
    func requireResumable(
        path: String, model: Model, options: TrainingOptions, data: TrainingData
    ) throws {
        guard configuration == model.configuration else {
            throw TrainingError(.checkpoint, "\(path): of a model with another configuration; give the same options")
        }
        var comparable = self.options
        comparable.epochs = options.epochs
        comparable.patience = options.patience
        guard comparable == options, options.decay == .constant || self.options.epochs == options.epochs else {
            throw TrainingError(
                .checkpoint, "\(path): of a run with other options; give the same ones, or start anew without --resume")
        }
        guard dataFingerprint == data.fingerprint else {
            throw TrainingError(.checkpoint, "\(path): of a run on other clips; give the same data, or start anew")
        }
        let steps = data.stepsPerEpoch(batchSize: options.batchSize)
        if let fault = state.fault(epochs: options.epochs, steps: steps) {
            throw Self.damaged(path, fault)
        }
    }

    /// Checks that the optimiser, once restored, has taken no more steps than the run has: a step skipped for want of
    /// clips is none of the optimiser's.
    func requireSteps(of optimizer: Optimizer, data: TrainingData, path: String) throws {
        let most = state.epoch * data.stepsPerEpoch(batchSize: options.batchSize) + state.step
        guard (0...most).contains(optimizer.stepCount) else {
            throw Self.damaged(path, "\(optimizer.stepCount) steps of the optimiser in \(most) of the run")
        }
    }

    private static func damaged(_ path: String, _ fault: String) -> TrainingError {
        TrainingError(
            .checkpoint,
            "\(path): the checkpoint is damaged: \(fault); take an older copy, or start anew without --resume"
        )
    }
}
