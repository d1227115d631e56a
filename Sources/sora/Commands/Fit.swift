import ArgumentParser
import Classifiers
import Datasets
import Neural
import SoraModel
import Training

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Fit a classifier to a model's vectors of labelled clips: SVM, trees, logistic regression and others.",
        discussion: """
            The network stays as it is, so this takes seconds once the clips' vectors are known; they are kept in a folder \
            beside the output (--cache). Settings are compared by cross-validation, in which clips of one group are never \
            split; --grid gives other values, one for none to compare. The result is the model with the classifier added \
            under a name. Without a model, --weights and --preset make one around a trained backbone. --frames shows a \
            model another number of frames of each clip than it was trained on. --judge-by measures the whole, choice of \
            settings included, on clips held out from it.

            Example:
              sora fit model.safetensors --data clips/ --classifier svm --out fitted.safetensors
              sora fit model.safetensors --data clips.csv --group-by scene --classifier tree --tree tree.svg --out m.safetensors
              sora fit --preset resnet18 --weights w.safetensors --data clips/ --classifier logistic --out m.safetensors
              sora fit motion.safetensors --frames 24 --data clips/ --classifier prototypes --out m.safetensors
              sora fit m.safetensors --data clips.csv --group-by scene --judge-by fold --classifier svm --out f.safetensors
              sora classify fitted.safetensors clip.mp4 --classifier svm
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String?

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: "Where the model file with the classifier goes; it may be the model itself.", completion: .file())
    var out: String

    @OptionGroup(title: "Classifier") var options: FitOptions

    @OptionGroup(title: "Without a model") var backbone: BackboneOptions

    @OptionGroup(title: "Figures, with --judge-by") var assessment: AssessmentOptions

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (model == nil) != (backbone.weights == nil) else {
            throw ValidationError("give either a model file, or --weights for the backbone of a --preset")
        }
        if model != nil, backbone.isGiven {
            throw ValidationError("--preset and what goes with it are for --weights; a model file has its own")
        }
        if options.judgeBy == nil, assessment.report != nil { throw ValidationError("--report goes with --judge-by") }
    }

    func run() throws {
        for file in [out, options.tree, options.predictions].compactMap(\.self) { try OutputPath.requireFile(file) }
        try assessment.requireWritable()
        let manifest = try options.grouped(source.manifest())
        let training = try Set(options.items(of: manifest))
        let rounds = try options.judgeBy.map { try manifest.folds(by: $0) }
        let items = try rounds == nil ? training.sorted() : options.kept(of: manifest)
        let model = try network(labels: manifest.classes)
        let features = try options.features(of: model)
        var need = MemoryNeed()
        need.add(clips: 1, of: model.configuration.clip, copies: 4)
        try need.check(smaller: "--frames or --size")

        let loader = ClipLoader(
            manifest: manifest, specification: model.configuration.clip.specification,
            augmentation: options.augmentation, seed: options.seed, resources: ClipLoader.Resources(cacheBudget: 0))
        let reader = try ClipVectors(
            model, loader: loader, backend: compute.backend(for: model), cacheFolder: options.cacheFolder(beside: out))
        if let fault = reader.cacheFault { Console.note("note: \(fault)") }
        let progress = ProgressBar(
            total: items.count * options.views, style: Console.progressStyle, sink: Console.progress)
        let found = try reader.clips(items, features: features, views: options.views) { progress.show($0, "clips") }
        progress.clear()
        for damage in loader.damaged { Console.note("note: \(damage)") }
        for failure in reader.failures { Console.note("sora: left out: \(failure.error)") }
        guard !found.isEmpty else {
            throw TrainingError(.data, "\(source.data): no clip could be decoded; look at one with 'sora probe'")
        }
        var all = ClassifierClips(found, labels: manifest.classes)
        all.isBalanced = options.balances(found.filter { training.contains($0.item) }.map(\.label))
        var clips = all
        clips.clips = found.filter { training.contains($0.item) }
        let fitting = fitting(features)
        let outcome = try fit(fitting, clips, manifest)
        try model.shelf.add(
            outcome.classifier, isStandard: options.default || !model.shelf.isHeadTrained)
        try model.write(to: out)
        var report = FitReport(
            outcome, model: out, clips: clips, cached: reader.cachedCount, views: options.views,
            failures: reader.failures.map(UndecodedClip.init))
        if let tree = options.tree, let svg = report.svg { try TextFile.write(svg, to: tree) }
        if let rounds {
            let table = try judge(fitting, all, manifest, rounds, training: training)
            report.judged = try CrossValidationReport(table, assessment, failures: [])
            try write(
                table, report.judged,
                EvaluationPage.Source(model: model, manifest: manifest, loader: loader, isExplained: false))
        }
        Console.result(try common.json ? report.jsonLine() : report.text(assessment))
        try FileBatch.conclude(failed: reader.failures.count, of: items.count)
    }

    /// The model that is named, or one around trained weights.
    private func network(labels: [String]) throws -> Model {
        if let model {
            let whole = try ModelArgument.read(model)
            return try backbone.frames.map { try whole.showing(frames: $0) } ?? whole
        }
        var configuration = try backbone.configuration(labels: labels)
        if configuration.head.kind == .binary, labels.count != 2 { configuration.head.kind = .multiClass }
        try configuration.validate()
        let made = try Model(configuration, seed: options.seed)
        if let weights = backbone.weights {
            Console.note(try ModelArgument.start(made, from: weights).report)
            if try ModelArgument.configuration(besideWeightsIn: weights) != nil {
                Console.note("note: of \(weights) the backbone alone is used; 'sora fit \(weights)' uses its embedding")
            }
        }
        made.shelf.isHeadTrained = false
        return made
    }

    private func fitting(_ features: ClipFeatures) -> ClassifierFitting {
        var fitting = ClassifierFitting(name: options.chosenName, kind: options.classifier, features: features)
        fitting.grid = Dictionary(options.grid.map { ($0.name, $0.values) }, uniquingKeysWith: +)
        fitting.seed = options.seed
        return fitting
    }

    /// What classifiers say of each fold's clips that were fitted to the others.
    private func judge(
        _ fitting: ClassifierFitting, _ clips: ClassifierClips, _ manifest: Manifest, _ rounds: [Fold],
        training: Set<Int>
    ) throws -> PredictionTable {
        let progress = ProgressBar(total: rounds.count, style: Console.progressStyle, sink: Console.progress)
        defer { progress.clear() }
        return try fitting.judge(
            clips, of: manifest, rounds: rounds, training: training, folds: { try options.folds(of: manifest, $0) }
        ) { progress.show($0, "folds") }
    }

    /// Writes what was asked for of the judged clips.
    private func write(
        _ table: PredictionTable, _ report: CrossValidationReport?, _ source: EvaluationPage.Source
    ) throws {
        if let path = options.predictions {
            try table.write(to: path)
            Console.note("\(path): what the classifiers say of the \(table.count) clips that were held out from them")
        }
        if let page = assessment.report, let report {
            try EvaluationPage(
                title: "\(options.chosenName) on \(self.source.data)", table: table, assessment: report.all.assessment,
                folds: report.folds, mistakes: assessment.mistakes
            ).write(to: page) { _ in source }
        }
    }

    private func fit(
        _ fitting: ClassifierFitting, _ clips: ClassifierClips, _ manifest: Manifest
    ) throws -> ClassifierFitting.Outcome {
        let items = clips.clips.map(\.item)
        let folds = try options.folds(of: manifest, items)
        let progress = ProgressBar(total: folds.count, style: Console.progressStyle, sink: Console.progress)
        defer { progress.clear() }
        return try fitting.fit(clips, folds: folds) { progress.show($0, "folds") }
    }
}
