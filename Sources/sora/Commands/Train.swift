import ArgumentParser
import Datasets
import Neural
import SoraModel
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on labelled clips.",
        discussion: """
            The best weights go to --out, the run's state to OUT.checkpoint (for --resume), the figures of each epoch \
            to OUT.history.csv. Ctrl-C saves before it stops.

            Example:
              sora train --data clips/ --out model.safetensors
              sora train --data clips.csv --group-by scene --hold-out fold=3 --out model.safetensors --epochs 30
              sora train --data clips/ --out model.safetensors --resume
              sora train --data clips/ --out model.safetensors --strength 5 --preview seen.png
              sora train --data clips/ --out m.safetensors --preset resnet18 --weights w.safetensors --freeze backbone
            """)

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: "Where the model file goes.", completion: .file())
    var out: String

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "Training") var training: TrainingArguments

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationArguments

    @Option(help: "Share of the clips to validate on, where the manifest has no split column.")
    var validation = 0.2

    @Option(help: "Manifest column whose equal values are never split apart (a scene, a source).")
    var groupBy: String?

    @Option(help: "Leave out the clips with this value in a column, to evaluate on later: fold=3.")
    var holdOut: Manifest.Selection?

    @Flag(help: "Go on from OUT.checkpoint.")
    var resume = false

    @Option(help: "Memory for decoded clips, in MiB, so that later epochs need not decode.")
    var cacheMib = 1024

    @Option(
        help: "Write a picture of what the network would see, a row of frames for each of some clips, and stop.",
        completion: .file())
    var preview: String?

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--validation", validation, 0..<1)
        try compute.requireFloats()
        try Bounds.check("--cache-mib", cacheMib, 0...(1 << 24), "MiB")
    }

    func run() throws {
        try OutputPath.requireFile(out)
        var manifest = try source.manifest()
        if let groupBy { manifest = try manifest.grouped(by: groupBy) }
        if let holdOut { manifest = try manifest.selecting(holdOut, inverted: true) }
        let configuration = try model.configuration(for: manifest)
        try configuration.validate()
        var options = try training.options(preset: model.backbone.chosen, backbone: configuration.backbone)
        options.augmentation = augmentation.augmentation(preset: options.augmentation)
        var need = MemoryNeed()
        // A batch in training, and the next ones that are decoded meanwhile.
        need.add(clips: options.batchSize, of: configuration.clip, copies: 3)
        try need.add(weightsOf: SoraNetwork(configuration), trains: true)
        try need.check(smaller: "--batch, --frames, --size, --hidden or --layers")
        let split = try Split(of: manifest, validation: validation, seed: options.seed)
        let loader = ClipLoader(
            manifest: manifest, specification: configuration.clip.specification, augmentation: options.augmentation,
            seed: options.seed, resources: ClipLoader.Resources(cacheBudget: cacheMib << 20))
        if let preview { return try show(TrainingPreview(loader, split, options), at: preview) }
        let session = TrainingSession(output: out, json: common.json)
        let data = TrainingData(loader: loader, split: split)
        session.announce(configuration, data, options)
        let network = try Model(configuration, seed: options.seed, frozenStages: options.frozenStages)
        if !resume { try start(network, options) }
        let trainer = try Trainer(
            model: network, data: data, options: options, output: out, resumes: resume,
            backend: compute.trainingBackend())
        try session.run(trainer) { loader.damaged }
    }

    /// Takes up the weights to start from, and says which frozen ones are none.
    private func start(_ network: Model, _ options: TrainingOptions) throws {
        let weights = try model.backbone.weights.map { try StartingWeights(reading: $0, into: network) }
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

    private func show(_ preview: TrainingPreview, at path: String) throws {
        try preview.write(to: path)
        guard !common.json else {
            struct Report: Encodable {
                var preview: String
                var rows: [String]
            }
            return Console.result(try Report(preview: path, rows: preview.labels).jsonLine())
        }
        Console.result((["\(path): nothing was trained; its rows are"] + preview.labels).joined(separator: "\n  "))
    }
}
