import Datasets
import SoraModel

/// Settings that a search tries: few, in coarse steps, and those that matter most on a few hundred clips.
struct TuningChoice: Hashable, Encodable {
    /// As in `TrainingArguments`, `AugmentationArguments` and `ModelOptions`; nil is left as it is.
    var learningRate: Double?
    var strength: Double?
    var mixup: Double?
    var dropout: Float?
    var weightDecay: Double?
    var labelSmoothing: Float?
    var fusion: Temporal.Fusion?

    /// The choice of a trial: for the first one everything as it is, for the others a draw of each setting, independently
    /// of the others (Bergstra and Bengio 2012, "Random search for hyper-parameter optimization").
    /// - Parameter seed: of the search; a trial's draws depend on nothing else.
    init(trial: Int, seed: UInt64) {
        guard trial > 0 else { return }
        var random = SeededRandom(seed: seed, 0x7475_6E65, UInt64(trial))
        func drawn<Value>(_ values: [Value]) -> Value { values[random.integer(below: values.count)] }
        learningRate = drawn([3e-4, 1e-3, 3e-3])
        strength = drawn([nil, 2, 4, 6, 8])
        mixup = drawn([0, 0, 0.3])
        dropout = drawn([0, 0.2, 0.5])
        weightDecay = drawn([0.001, 0.01, 0.1])
        labelSmoothing = drawn([0, 0.1])
        fusion = drawn([.mean, .mean, .max, .attention])
    }

    /// What of it the recipe leaves open: what was given on the command line stays.
    func open(in recipe: TrainingRecipe) -> TuningChoice {
        var open = self
        if recipe.training.learningRate != nil { open.learningRate = nil }
        if recipe.augmentation.strength != nil || recipe.augmentation.noAugmentation { open.strength = nil }
        if recipe.augmentation.mixup != nil { open.mixup = nil }
        if recipe.model.dropout != nil { open.dropout = nil }
        if recipe.training.weightDecay != nil { open.weightDecay = nil }
        if recipe.training.labelSmoothing != nil { open.labelSmoothing = nil }
        if recipe.model.fusion != nil { open.fusion = nil }
        return open
    }

    /// The recipe with the choice in it.
    func applied(to recipe: TrainingRecipe) -> TrainingRecipe {
        var recipe = recipe
        recipe.training.learningRate = learningRate ?? recipe.training.learningRate
        recipe.augmentation.strength = strength ?? recipe.augmentation.strength
        recipe.augmentation.mixup = mixup ?? recipe.augmentation.mixup
        recipe.model.dropout = dropout ?? recipe.model.dropout
        recipe.training.weightDecay = weightDecay ?? recipe.training.weightDecay
        recipe.training.labelSmoothing = labelSmoothing ?? recipe.training.labelSmoothing
        recipe.model.fusion = fusion ?? recipe.model.fusion
        return recipe
    }

    /// As options of `sora train`; empty where all is as it was given.
    var arguments: [String] {
        let pairs: [(String, String?)] = [
            ("--learning-rate", learningRate.map { "\($0)" }), ("--strength", strength.map { "\($0)" }),
            ("--mixup", mixup.map { "\($0)" }), ("--dropout", dropout.map { "\($0)" }),
            ("--weight-decay", weightDecay.map { "\($0)" }),
            ("--label-smoothing", labelSmoothing.map { "\($0)" }), ("--fusion", fusion?.rawValue),
        ]
        return pairs.flatMap { option, value in value.map { [option, $0] } ?? [] }
    }
}
