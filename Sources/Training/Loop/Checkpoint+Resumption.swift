import Foundation
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
            throw TrainingError(
                .checkpoint,
                "\(path): of another model (\(try Self.differences(configuration, model.configuration))); give the same "
                    + "options, or start anew without --resume")
        }
        var comparable = self.options
        comparable.epochs = options.epochs
        comparable.patience = options.patience
        guard comparable == options, options.decay == .constant || self.options.epochs == options.epochs else {
            if options.decay != .constant { comparable.epochs = self.options.epochs }
            throw TrainingError(
                .checkpoint,
                "\(path): of a run with other options (\(try Self.differences(comparable, options))); give the same ones, "
                    + "or start anew without --resume")
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

    /// Which values differ, and what they were: `learningRate was 0.001, seed was 3`.
    private static func differences(_ old: some Encodable, _ new: some Encodable) throws -> String {
        func values(_ value: some Encodable) throws -> [String: String] {
            let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
            var found: [String: String] = [:]
            func visit(_ value: Any, _ name: String) {
                if let object = value as? [String: Any] {
                    for (key, value) in object { visit(value, name.isEmpty ? key : "\(name).\(key)") }
                } else {
                    found[name] = "\(value)"
                }
            }
            visit(object, "")
            return found
        }
        let (before, after) = (try values(old), try values(new))
        return Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }
            .map { "\($0) was \(before[$0] ?? "not given")" }.joined(separator: ", ")
    }

    private static func damaged(_ path: String, _ fault: String) -> TrainingError {
        TrainingError(
            .checkpoint,
            "\(path): the checkpoint is damaged: \(fault); take an older copy, or start anew without --resume"
        )
    }
}
