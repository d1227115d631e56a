/// Where a run stands: with the weights and the optimiser's memory, all that the next step depends on.
struct TrainingState: Codable, Sendable, Equatable {
    /// The epoch under way, from 0.
    var epoch = 0
    /// The next step in it, from 0.
    var step = 0
    /// Sums over the clips of the epoch so far.
    var sums = EpochSums()
    /// The best validation so far.
    var best: Score?
    /// Epochs since then.
    var epochsSinceBest = 0
    /// Finished epochs.
    var history: [EpochRecord] = []
    /// Clips that could not be decoded so far, in the manifest's order.
    var failures: [ClipFailure] = []

    /// Adds the clips that failed since, each once.
    mutating func note(_ found: [ClipFailure]) {
        var known = Set(failures.map(\.clip))
        failures += found.filter { known.insert($0.clip).inserted }
        failures.sort { $0.clip < $1.clip }
    }

    /// Moves on to the next epoch.
    ///
    /// - Parameters:
    ///   - validation: what the epoch's weights came to; nil without validation clips.
    ///   - learningRate: of the epoch's last step.
    /// - Returns: what the epoch came to, and whether its weights are the ones to keep.
    mutating func conclude(
        validation: (loss: Double, metrics: Evaluation)?, learningRate: Double
    ) -> (record: EpochRecord, isBest: Bool) {
        let record = EpochRecord(
            epoch: epoch + 1, loss: sums.meanLoss, accuracy: sums.accuracy, validationLoss: validation?.loss,
            validationAccuracy: validation?.metrics.accuracy, validationF1: validation?.metrics.macroF1,
            learningRate: learningRate, seconds: sums.seconds)
        let score = Score(epoch: record.epoch, macroF1: record.validationF1 ?? 0, loss: record.validationLoss ?? 0)
        let isBest = validation == nil || best.map { $0 < score } ?? true
        if isBest { best = score }
        epochsSinceBest = isBest ? 0 : epochsSinceBest + 1
        history.append(record)
        epoch += 1
        step = 0
        sums = EpochSums()
        return (record, isBest)
    }

    struct EpochSums: Codable, Sendable, Equatable {
        var loss = 0.0
        var correct = 0
        var clips = 0
        /// Seconds spent, over all runs that had a part in the epoch.
        var seconds = 0.0

        /// Mean loss of a clip.
        var meanLoss: Double { clips == 0 ? 0 : loss / Double(clips) }
        /// Share of clips whose likeliest label was right.
        var accuracy: Double { clips == 0 ? 0 : Double(correct) / Double(clips) }
    }

    /// What models of one run are ranked by.
    struct Score: Codable, Sendable, Equatable, Comparable {
        var epoch: Int
        /// Macro F1 on the validation clips.
        var macroF1: Double
        var loss: Double

        static func < (a: Score, b: Score) -> Bool { (a.macroF1, b.loss) < (b.macroF1, a.loss) }
    }
}

/// A clip that could not be decoded.
struct ClipFailure: Codable, Sendable, Equatable {
    /// Position in the manifest.
    var clip: Int
    var path: String
    var reason: String
}

/// What one epoch came to.
public struct EpochRecord: Codable, Sendable, Equatable {
    /// From 1, as people count.
    public var epoch: Int
    /// Mean loss over the training clips, as they were seen.
    public var loss: Double
    /// Share of training clips that were right as they were seen.
    public var accuracy: Double
    /// Mean loss over the validation clips; nil without any.
    public var validationLoss: Double?
    /// Share of validation clips that are right.
    public var validationAccuracy: Double?
    /// Macro F1 over the validation clips.
    public var validationF1: Double?
    /// Of the epoch's last step.
    public var learningRate: Double
    /// How long it took.
    public var seconds: Double
}
