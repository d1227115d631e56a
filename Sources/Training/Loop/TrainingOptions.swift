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
    /// What is done where classes have unequal numbers of clips.
    public var balance = ClassBalance.auto
    /// The focal loss's exponent: the larger, the less counts what is right already. 0 for plain cross-entropy.
    public var focusing: Float = 0
    /// Epochs without a better validation after which training stops. Never where nil.
    public var patience: Int?
    /// How many stages of the backbone, from the first, stay as they are.
    public var frozenStages = 0
    /// Epochs after which the last of the frozen stages learns too; after as many more the one before it, and so on to
    /// the first. Never where nil. What the optimiser remembers starts anew each time.
    public var thawEpochs: Int?
    /// How fast each stage learns beside the one after it, the last beside the clip network: 1 for all alike.
    public var stageRate = 1.0
    /// Where the whole backbone is frozen: how many differently augmented views of each clip there are. Their vectors
    /// are kept, so epochs after so many take next to no time.
    public var views = 4
    /// Trains without labels, on pairs of views of each clip; nil for with them. A batch then is as many pairs.
    public var contrast: Contrast?
    /// What is changed at random in training clips.
    public var augmentation = Augmentation.standard
    /// Of everything random: weights, order, augmentation, dropout.
    public var seed: UInt64 = 0
    /// How the backend stores images between layers, which it is made with: here so that a resumed run can be told from
    /// another.
    public var precision = Precision.float32
    /// Most frames in the frame network at a time; chosen by the size of the network where nil.
    public var chunk: Int?

    public init() {}

    /// How many stages are frozen in an epoch, the first being 0.
    func frozenStages(in epoch: Int) -> Int { max(0, frozenStages - (thawEpochs.map { epoch / $0 } ?? 0)) }

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
        try check(
            focusing >= 0 && focusing <= 10, "the focal loss's exponent must lie in 0...10, not \(focusing)")
        try check(thawEpochs.map { $0 > 0 } ?? true, "stages thaw after 1 epoch or more")
        try check(stageRate > 0 && stageRate <= 1, "the stages' rate must lie between 0 and 1, not \(stageRate)")
        try check((1...1000).contains(views), "the views must be 1 to 1000, not \(views)")
        try contrast?.validate()
        try check(contrast == nil || frozenStages == 0, "training without labels leaves no stages frozen")
        try check(patience.map { $0 > 0 } ?? true, "the patience must be 1 or more")
        try check(chunk.map { $0 > 0 } ?? true, "the chunk must be 1 or more")
    }
}
