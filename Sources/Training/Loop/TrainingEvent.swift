/// What happens in a run, as it happens.
public enum TrainingEvent: Sendable {
    /// An epoch begins, counted from 1, of so many steps.
    case epochBegan(epoch: Int, of: Int, steps: Int)
    /// A step of the epoch is done; loss and accuracy are the means of the epoch so far.
    case stepEnded(step: Int, of: Int, loss: Double, accuracy: Double)
    /// The epoch is evaluated and saved.
    case epochEnded(EpochRecord)
}

/// What a run came to.
public struct TrainingResult: Sendable {
    /// Why it ended.
    public enum End: String, Sendable, Codable {
        /// All epochs are done.
        case finished
        /// The validation has not become better for as many epochs as the patience allows.
        case exhausted
        /// It was asked to stop; it goes on from its checkpoint.
        case interrupted
    }

    /// Why it ended.
    public var end: End
    /// One record for each finished epoch, those before a resumption included.
    public var history: [EpochRecord]
    /// The epoch whose weights are in the model file; nil if none was finished.
    public var bestEpoch: Int?
    /// The model file.
    public var output: String
    /// Clips that could not be decoded, with the reason.
    public var failures: [(path: String, reason: String)]
}
