public import Datasets
public import Neural
public import SoraModel

/// How a model is trained: everything but the model and the data. With them and the seed it determines the run.
public struct TrainingOptions: Codable, Sendable, Hashable {
    /// How the learning rate goes down.
    public enum Decay: String, Codable, Sendable, Hashable, CaseIterable {
        /// It does not.
        case constant
        /// To a tenth after each third of the epochs.
        case step
        /// To a hundredth along half a cosine.
        case cosine
    }

    /// Passes over the training clips.
    public var epochs = 20
    /// Clips in a step.
    public var batchSize = 16
    /// The rule of a step.
    public var optimizer = OptimizerConfiguration.adamW(weightDecay: 0.01)
    /// The largest learning rate.
    public var learningRate = 1e-3
    /// How it goes down.
    public var decay = Decay.cosine
    /// Epochs over which it first goes up from zero in a straight line, whatever the decay.
    public var warmUpEpochs = 1.0
    /// Longest gradient, as a Euclidean length; longer ones are shortened to it. No limit where nil.
    public var gradientLimit: Double? = 5
    /// Decay of a moving average of the weights that is evaluated and saved in their stead. None where nil.
    public var averageDecay: Double?
    /// How much of each target is spread over all classes.
    public var labelSmoothing: Float = 0
    /// Whether rare classes count as much as frequent ones.
    public var balancesClasses = false
    /// Epochs without a better validation after which training stops. Never where nil.
    public var patience: Int?
    /// How many stages of the backbone, from the first, stay as they are.
    public var frozenStages = 0
    /// How fast each stage learns beside the one after it, the last beside the clip network: 1 for all alike.
    public var stageRate = 1.0
    /// Where the whole backbone is frozen: how many differently augmented views of each clip there are. Their vectors
    /// are kept, so epochs after so many take next to no time.
    public var views = 4
    /// What is changed at random in training clips.
    public var augmentation = Augmentation.standard
    /// Of everything random: weights, order, augmentation, dropout.
    public var seed: UInt64 = 0
    /// Most frames in the frame network at a time; chosen by the size of the network where nil.
    public var chunk: Int?

    public init() {}

    /// The options that go with a preset: for the article's, those of the article.
    public init(preset: Preset) {
        guard preset == .article else { return }
        epochs = 10
        batchSize = 32
        optimizer = .adam(epsilon: 1e-7)
        decay = .constant
        warmUpEpochs = 0
        gradientLimit = nil
        augmentation = .none
    }

    /// - Throws: `TrainingError.options` naming the option and what it may be.
    public func validate() throws {
        func check(_ condition: Bool, _ rule: String) throws {
            guard condition else { throw TrainingError(.options, rule) }
        }
        try check((1...100_000).contains(epochs), "epochs must lie in 1...100000, not \(epochs)")
        try check((1...4096).contains(batchSize), "the batch size must lie in 1...4096, not \(batchSize)")
        try check(
            learningRate > 0 && learningRate < 10, "the learning rate must lie between 0 and 10, not \(learningRate)")
        try check(
            (0...100_000).contains(warmUpEpochs), "the warm-up must lie in 0...100000 epochs, not \(warmUpEpochs)")
        try check(gradientLimit.map { $0 > 0 } ?? true, "the gradient limit must be above zero")
        try check(averageDecay.map { (0..<1).contains($0) } ?? true, "the average's decay must lie in 0 ..< 1")
        try check((0..<1).contains(labelSmoothing), "label smoothing must lie in 0 ..< 1, not \(labelSmoothing)")
        try check(stageRate > 0 && stageRate <= 1, "the stages' rate must lie between 0 and 1, not \(stageRate)")
        try check((1...1000).contains(views), "the views must be 1 to 1000, not \(views)")
        try check(patience.map { $0 > 0 } ?? true, "the patience must be 1 or more")
        try check(chunk.map { $0 > 0 } ?? true, "the chunk must be 1 or more")
    }
}
