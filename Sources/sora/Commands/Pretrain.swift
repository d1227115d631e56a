import ArgumentParser
import Datasets
import Foundation
import Media
import Neural
import SoraModel
import Training

struct Pretrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model on clips without labels, as a start for 'train' or for its vectors.",
        discussion: """
            Two differently changed views of a clip shall have vectors near to each other and far from those of other \
            clips; and the network shall tell which way, and how fast, a clip is played, which is the accuracy that is \
            shown (of 4 ways). The result is a model file: 'sora train --weights' starts from it, 'sora embed' gives its \
            vectors. With --formula the clips are drawn by the program itself: textures and fractals, of which one \
            moves, and the network is to tell how.

            Example:
              sora pretrain --data videos/ --out start.safetensors
              sora train --data clips/ --weights start.safetensors --out model.safetensors
              sora pretrain --formula 4000 --out start.safetensors --epochs 40
              sora pretrain --data videos/ --out start.safetensors --strength 8 --preview seen.png
            """)

    @Option(
        help: ArgumentHelp(
            "A folder of videos, those in its folders too, or a .csv, .tsv or .jsonl manifest with a path.",
            valueName: "folder|manifest"),
        completion: .file())
    var data: String?

    @Option(help: "Draw so many clips by formulas, into OUT.clips, and train on them.")
    var formula: Int?

    @Option(
        help:
            "Of the clips that --formula draws, how many, 0 to 1, show one large thing before a calm ground (default: 0)."
    )
    var lone: Double?

    @Flag(help: "Leave out clips whose files are missing, rather than stop.")
    var skipMissing = false

    @Option(help: "Where the model file goes.", completion: .file())
    var out: String

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup(title: "Training") var training: TrainingArguments

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationArguments

    @Option(help: "By what cosines are divided: the smaller, the more the nearest wrong answers count.")
    var temperature: Float = Contrast().temperature

    @Option(help: "Vectors of earlier steps that are wrong answers too; for small learning rates.")
    var queue = Contrast().queue

    @Option(help: "How much telling how a clip is played, or what moves in it, counts beside telling clips apart.")
    var taskWeight: Float = Contrast().taskWeight

    @Flag(help: "Go on from OUT.checkpoint.")
    var resume = false

    @Option(
        help: "Write a picture of what the network would see, a row of frames for each view of some clips, and stop.",
        completion: .file())
    var preview: String?

    @Option(help: "Memory for decoded clips, in MiB, so that later epochs need not decode.")
    var cacheMib = 1024

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (data == nil) != (formula == nil) else { throw ValidationError("give either --data or --formula") }
        try Bounds.check("--formula", formula, 2...1_000_000, "clips")
        try Bounds.check("--lone", lone, 0...1)
        if lone != nil, formula == nil { throw ValidationError("--lone is for the clips that --formula draws") }
        try Bounds.check("--temperature", temperature, 0.001...10)
        try Bounds.check("--queue", queue, 0...65536, "vectors")
        try Bounds.check("--task-weight", taskWeight, 0...100)
        try Bounds.check("--cache-mib", cacheMib, 0...(1 << 24), "MiB")
        try compute.requireFloats()
        let supervised: [(String, Bool)] = [
            ("--head", model.head != nil), ("--freeze", training.freeze != nil), ("--views", training.views != nil),
            ("--balance", training.balance != nil), ("--focal", training.focal != nil),
            ("--label-smoothing", training.labelSmoothing != nil), ("--patience", training.patience != nil),
            ("--mixup", augmentation.mixup != nil), ("--cutmix", augmentation.cutmix != nil),
        ]
        if let (name, _) = supervised.first(where: \.1) {
            throw ValidationError("\(name) is for 'sora train', which has labels and clips to validate on")
        }
    }

    func run() throws {
        try OutputPath.requireFile(out)
        var configuration = try model.configuration(
            labels: formula == nil ? Playback.allCases.map(\.rawValue) : FormulaClips.labels)
        configuration.head.kind = .multiClass
        try configuration.validate()
        var options = try training.options(for: configuration)
        options.contrast = Contrast(
            temperature: temperature, queue: queue, taskWeight: taskWeight, plays: formula == nil)
        options.augmentation = augmentation.augmentation(preset: .strength(6))
        try options.validate()
        var need = MemoryNeed()
        need.add(clips: 2 * options.batchSize, of: configuration.clip, copies: 3)
        try need.add(weightsOf: SoraNetwork(configuration), trains: true)
        try need.check(smaller: "--batch, --frames, --size, --hidden or --layers")
        // Those of a preview are drawn for it alone: the run's own, from which it may be resumed, stay as they are.
        let folder =
            preview == nil
            ? out + ".clips" : FileManager.default.temporaryDirectory.path + "/sora-preview-\(UUID().uuidString)"
        defer { if preview != nil { try? FileManager.default.removeItem(atPath: folder) } }
        let missing = skipMissing ? Manifest.MissingFiles.skip : .raise
        let manifest =
            if let formula {
                try Manifest(
                    path: draw(formula, to: folder, for: configuration.clip, seed: options.seed),
                    classes: FormulaClips.labels, missingFiles: missing)
            } else {
                try Manifest(unlabelled: data ?? "", missingFiles: missing)
            }
        let loader = ClipLoader(
            manifest: manifest, specification: configuration.clip.specification, augmentation: options.augmentation,
            seed: options.seed, resources: ClipLoader.Resources(cacheBudget: cacheMib << 20))
        let clips = TrainingData(
            loader: loader, split: Split(training: Array(manifest.items.indices), validation: []))
        if let preview {
            return try TrainingPreview(clips, configuration, options, leavingOut: folder + "/")
                .write(to: preview, json: common.json)
        }
        let session = TrainingSession(output: out, json: common.json, isResumed: resume)
        session.announce(configuration, unlabelled: manifest.items.count, options)
        let network = try Model(configuration, seed: options.seed)
        if let weights = model.backbone.weights, !resume {
            Console.note(try ModelArgument.start(network, from: weights).report)
        }
        if !resume { try OutputPath.setAside(Trainer.checkpointPath(besides: out)) }
        let backend = compute.trainingBackend()
        options.precision = backend.precision
        let trainer = try Trainer(
            model: network, data: clips, options: options, output: out, resumes: resume, backend: backend)
        try session.run(trainer) { loader.damaged }
    }

    /// Draws clips, for a preview no more than it shows, unless they are there from a run that is resumed.
    /// - Returns: their manifest.
    private func draw(_ count: Int, to folder: String, for clip: ClipFormat, seed: UInt64) throws -> String {
        let manifest = folder + "/clips.csv"
        if resume, preview == nil { return manifest }
        let count = preview == nil ? count : min(count, TrainingPreview.rows)
        let progress = ProgressBar(total: count, style: Console.progressStyle, sink: Console.progress)
        let size = Int((Double(clip.size) * clip.specification.margin / 2).rounded(.up)) * 2
        try FormulaClips.write(
            to: folder, count: count, frames: 2 * clip.frames, size: size, seed: seed, lone: lone ?? 0
        ) { progress.show($0) }
        progress.clear()
        if preview == nil { Console.note("\(folder): \(counted(count, "clip")) drawn") }
        return manifest
    }
}
