import ArgumentParser
import Datasets
import Neural
import SoraModel
import Training

/// How a model is made from clips: what `train` and `crossvalidate` have in common.
struct TrainingRecipe: ParsableArguments {
    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "Training") var training: TrainingArguments

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationArguments

    @Option(help: "Share of the clips to validate on, where the manifest has no split column.")
    var validation = 0.2

    @Option(help: "Manifest column whose equal values are never split apart (a scene, a source).")
    var groupBy: String?

    @Option(help: "Memory for decoded clips, in MiB, so that later epochs need not decode.")
    var cacheMib = 1024

    @OptionGroup var compute: ComputeOptions

    func validate() throws {
        try Bounds.check("--validation", validation, 0..<1)
        try compute.requireFloats()
        try Bounds.check("--cache-mib", cacheMib, 0...(1 << 24), "MiB")
    }

    /// What a model for a manifest's classes is, and how it is trained.
    struct Plan {
        var configuration: ModelConfiguration
        var options: TrainingOptions
        var backend: OneDNNBackend
    }

    /// - Throws: `ModelError.configuration` or `TrainingError.options` if the options do not go together, or this machine
    ///   has not the memory.
    func plan(for manifest: Manifest) throws -> Plan {
        let configuration = try model.configuration(for: manifest)
        try configuration.validate()
        var options = try training.options(for: configuration)
        options.augmentation = augmentation.augmentation(preset: options.augmentation)
        let backend = compute.trainingBackend()
        options.precision = backend.precision
        var need = MemoryNeed()
        // A batch in training, and the next ones that are decoded meanwhile.
        need.add(clips: options.batchSize, of: configuration.clip, copies: 3)
        try need.add(weightsOf: SoraNetwork(configuration), trains: true)
        try need.check(smaller: "--batch, --frames, --size, --hidden or --layers")
        return Plan(configuration: configuration, options: options, backend: backend)
    }

    /// What decodes the clips of a manifest.
    func loader(_ manifest: Manifest, _ plan: Plan) -> ClipLoader {
        ClipLoader(
            manifest: manifest, specification: plan.configuration.clip.specification,
            augmentation: plan.options.augmentation, seed: plan.options.seed,
            resources: ClipLoader.Resources(cacheBudget: cacheMib << 20))
    }

    /// A run from new weights, or from those of `--weights`; with `resumes` from the checkpoint beside `output`.
    func trainer(_ plan: Plan, _ data: TrainingData, output: String, resumes: Bool) throws -> Trainer {
        let network = try Model(
            plan.configuration, seed: plan.options.seed, frozenStages: plan.options.frozenStages)
        if !resumes { try start(network, plan.options) }
        return try Trainer(
            model: network, data: data, options: plan.options, output: output, resumes: resumes,
            backend: plan.backend)
    }

    /// Takes up the weights to start from, and says which frozen ones are none.
    private func start(_ network: Model, _ options: TrainingOptions) throws {
        let weights = try model.backbone.weights.map { try ModelArgument.start(network, from: $0) }
        if let weights { Console.note(weights.report) }
        let backbone = network.configuration.backbone
        let random = network.parameters.parameters.filter { parameter in
            backbone.stage(of: parameter.name).map { $0 < options.frozenStages } ?? false
                && weights?.begun.contains(parameter.name) != true
        }
        guard !random.isEmpty else { return }
        Console.note(
            "note: \(random.count) tensors of the frozen stages (\(random[0].name), …) stay as they were drawn at random: "
                + (weights == nil ? "give trained ones by --weights" : "the weights do not have them"))
    }
}
