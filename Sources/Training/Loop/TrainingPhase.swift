import Datasets
import Neural
import SoraModel

/// What training works with as long as the same stages are frozen.
final class TrainingPhase {
    /// The model in training.
    let model: Model
    let step: TrainingStep
    let optimizer: Optimizer
    let average: WeightAverage?
    /// Holds the averaged weights while they are evaluated; the model itself where none are kept.
    let judged: Model
    let evaluator: Evaluator
    /// The frames' vectors, where the frame network stays as it is.
    let frozen: FrozenFeatures?

    init(model: Model, data: TrainingData, options: TrainingOptions, backend: any Backend) throws {
        self.model = model
        let head = model.configuration.head
        let isWeighted = data.balance(options.balance, head: head) == .weights
        let labelled = LossFunction(
            classWeights: isWeighted ? data.balancingWeights(head: head) : nil,
            labelSmoothing: options.labelSmoothing, focusing: options.focusing)
        step = try TrainingStep(
            model: model, loss: options.contrast ?? labelled, backend: backend, chunk: options.chunk)
        let (backbone, stages) = (model.configuration.backbone, model.configuration.backbone.stages.count)
        optimizer = try Optimizer(options.optimizer, for: model.parameters) { name in
            backbone.stage(of: name).map { (0..<stages - $0).reduce(1) { rate, _ in rate * options.stageRate } } ?? 1
        }
        average = try options.averageDecay.map { try WeightAverage(decay: $0, for: model.parameters) }
        judged =
            average == nil
            ? model
            : try Model(model.configuration, seed: options.seed, frozenStages: model.network.frozenStages)
        judged.temperature = nil
        evaluator = try Evaluator(judged, backend: backend)
        frozen =
            try model.network.isFrameNetworkFrozen
            ? FrozenFeatures(model, data: data, options: options, backend: backend) : nil
    }
}
