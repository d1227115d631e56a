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
              sora train --data clips/ --out m.safetensors --preset resnet18 --weights w.safetensors --freeze backbone
            """)

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: "Where the model file goes.", completion: .file())
    var out: String

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "Training") var training: TrainingArguments

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
        let options = try training.options(preset: model.backbone.chosen, backbone: configuration.backbone)
        var need = MemoryNeed()
        // A batch in training, and the next ones that are decoded meanwhile.
        need.add(clips: options.batchSize, of: configuration.clip, copies: 3)
        try need.add(weightsOf: SoraNetwork(configuration), trains: true)
        try need.check(smaller: "--batch, --frames, --size, --hidden or --layers")
        let split = try Split(of: manifest, validation: validation, seed: options.seed)
        let loader = ClipLoader(
            manifest: manifest, specification: configuration.clip.specification, augmentation: options.augmentation,
            seed: options.seed, resources: ClipLoader.Resources(cacheBudget: cacheMib << 20))
        let session = TrainingSession(output: out, json: common.json)
        session.announce(configuration, manifest, split, options)
        let network = try Model(configuration, seed: options.seed, frozenStages: options.frozenStages)
        if let weights = model.backbone.weights, !resume {
            Console.note(try StartingWeights(reading: weights, into: network).report)
        }
        let trainer = try Trainer(
            model: network, data: TrainingData(loader: loader, split: split),
            options: options, output: out, resumes: resume, backend: compute.trainingBackend())
        try session.run(trainer) { loader.damaged }
    }
}
