import ArgumentParser
import Datasets
import Training

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on labelled clips.",
        discussion: """
            The best weights go to --out, the run's state to OUT.checkpoint (for --resume), the figures of each epoch \
            to OUT.history.csv and, for TensorBoard, to OUT.events. Ctrl-C saves before it stops.

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

    @OptionGroup var recipe: TrainingRecipe

    @Option(help: "Leave out the clips with this value in a column, to evaluate on later: fold=3.")
    var holdOut: Manifest.Selection?

    @Flag(help: "Go on from OUT.checkpoint.")
    var resume = false

    @Option(
        help: "Write a picture of what the network would see, a row of frames for each of some clips, and stop.",
        completion: .file())
    var preview: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        try OutputPath.requireFile(out)
        var manifest = try source.manifest()
        if let groupBy = recipe.groupBy { manifest = try manifest.grouped(by: groupBy) }
        if let holdOut { manifest = try manifest.selecting(holdOut, inverted: true) }
        let plan = try recipe.plan(for: manifest)
        let split = try Split(of: manifest, validation: recipe.validation, seed: plan.options.seed)
        let loader = recipe.loader(manifest, plan)
        let data = TrainingData(loader: loader, split: split)
        if let preview {
            return try TrainingPreview(data, plan.configuration, plan.options).write(to: preview, json: common.json)
        }
        let session = TrainingSession(output: out, json: common.json, isResumed: resume)
        session.announce(plan.configuration, data, plan.options)
        if !resume { try OutputPath.setAside(Trainer.checkpointPath(besides: out)) }
        let trainer = try recipe.trainer(plan, data, output: out, resumes: resume)
        try session.run(trainer) { loader.damaged }
    }
}
