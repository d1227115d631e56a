import ArgumentParser
import Datasets
import Neural
import SoraModel
import Training

/// How to train; what is not given is the preset's.
struct TrainingArguments: ParsableArguments {
    @Option(help: "Passes over the clips.")
    var epochs: Int?

    @Option(name: [.customLong("batch")], help: "Clips in a step.")
    var batchSize: Int?

    @Option(help: "The largest learning rate.")
    var learningRate: Double?

    @Option(help: "How it goes down.")
    var decay: TrainingOptions.Decay?

    @Option(help: "Epochs over which it first goes up.")
    var warmUp: Double?

    @Option(help: "The optimiser: sgd, adam or adamW.")
    var optimizer: OptimizerConfiguration.Kind?

    @Option(help: "How strongly weights are drawn towards zero.")
    var weightDecay: Double?

    @Option(help: "Longest gradient, as a Euclidean length; longer ones are shortened to it. 0 for no limit.")
    var gradientLimit: Double?

    @Option(help: "How much of each target is spread over all classes, 0 ..< 1.")
    var labelSmoothing: Float?

    @Option(help: "Decay of a moving average of the weights, evaluated and saved in their stead.")
    var average: Double?

    @Option(
        help: """
            Where classes have unequal numbers of clips: weights lets errors on rare ones count more, sampling draws \
            them as often as frequent ones, auto looks at the numbers and says what it chose.
            """)
    var balance: ClassBalance?

    @Option(help: "Exponent of the focal loss: the larger, the less counts what is right already. 0 for none.")
    var focal: Float?

    @Option(
        help: """
            Stages of the backbone to leave as they are, with all before them: a stage's name (stem, layer1, …; an \
            unknown one lists them), or 'backbone' for all of it, which makes epochs take seconds.
            """)
    var freeze: String?

    @Option(
        help: """
            With --freeze: after so many epochs the last frozen stage learns too, after as many more the one before it, \
            and so on.
            """)
    var thaw: Int?

    @Option(help: "How fast each stage learns beside the one after it: 0.5 halves the learning rate at each.")
    var stageRate: Double?

    @Option(help: "With --freeze backbone: how many differently augmented views of each clip to go through.")
    var views: Int?

    @Option(help: "Stop after this many epochs without a better validation.")
    var patience: Int?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 0

    @Option(help: "Most frames in the network at a time: less memory for smaller numbers.")
    var chunk: Int?

    func validate() throws {
        try Bounds.check("--epochs", epochs, 1...100_000)
        try Bounds.check("--batch", batchSize, 1...4096, "clips")
        try Bounds.check("--learning-rate", learningRate, 1e-12...9.99)
        try Bounds.check("--warm-up", warmUp, 0...100_000, "epochs")
        try Bounds.check("--weight-decay", weightDecay, 0...100)
        try Bounds.check("--gradient-limit", gradientLimit, 0...1e9)
        try Bounds.check("--label-smoothing", labelSmoothing, 0..<1)
        try Bounds.check("--average", average, 0..<1)
        try Bounds.check("--focal", focal, 0...10)
        try Bounds.check("--thaw", thaw, 1...100_000, "epochs")
        if thaw != nil, freeze == nil { throw ValidationError("--thaw goes with --freeze") }
        try Bounds.check("--stage-rate", stageRate, 1e-6...1)
        try Bounds.check("--views", views, 1...1000)
        try Bounds.check("--patience", patience, 1...100_000, "epochs")
        try Bounds.check("--chunk", chunk, 1...1_000_000, "frames")
    }

    /// - Throws: `ValidationError` if the stage to freeze is none of the backbone's, or the warm-up outlasts the training.
    func options(for configuration: ModelConfiguration) throws -> TrainingOptions {
        var options = TrainingOptions(preset: Preset(rawValue: configuration.preset) ?? .small)
        if let freeze { options.frozenStages = try stages(to: freeze, of: configuration.backbone) }
        if let stageRate { options.stageRate = stageRate }
        if let views { options.views = views }
        if let epochs { options.epochs = epochs }
        if let batchSize { options.batchSize = batchSize }
        if let learningRate { options.learningRate = learningRate }
        if let decay { options.decay = decay }
        if let warmUp {
            guard warmUp <= Double(options.epochs) else {
                throw ValidationError(
                    "--warm-up \(warmUp) goes on for longer than all \(options.epochs) epochs: give fewer, or more --epochs"
                )
            }
            options.warmUpEpochs = warmUp
        }
        switch optimizer {
        case .sgd: options.optimizer = .sgd(momentum: 0.9, nesterov: true)
        case .adam: options.optimizer = .adam()
        case .adamW: options.optimizer = .adamW()
        case nil: break
        }
        if let weightDecay { options.optimizer.weightDecay = weightDecay }
        if let labelSmoothing { options.labelSmoothing = labelSmoothing }
        options.averageDecay = average
        if let balance { options.balance = balance }
        if let focal { options.focusing = focal }
        options.thawEpochs = thaw
        options.patience = patience
        if let gradientLimit { options.gradientLimit = gradientLimit > 0 ? gradientLimit : nil }
        options.seed = seed
        options.chunk = chunk
        return options
    }

    private func stages(to name: String, of backbone: Backbone) throws -> Int {
        if name == "backbone" { return backbone.stages.count }
        guard let stage = backbone.stages.firstIndex(of: name) else {
            throw ValidationError(
                "--freeze \(name): the network's stages are \(backbone.stages.joined(separator: ", ")); "
                    + "give one of them, or 'backbone'")
        }
        return stage + 1
    }
}
