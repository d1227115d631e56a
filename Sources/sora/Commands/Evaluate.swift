import ArgumentParser
import Datasets
import Neural
import SoraModel
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure a model on labelled clips: accuracy, precision, recall, F1, confusion matrix.",
        discussion: """
            Example:
              sora evaluate model.safetensors --data held-out/
              sora evaluate model.safetensors --data clips.csv --only fold=3 --json
              sora evaluate model.safetensors --data held-out/ --classifier svm
            """)

    @Argument(help: "A model file.", completion: .file())
    var model: String

    @OptionGroup(title: "Data") var source: DataOptions

    @OptionGroup var choice: ClassifierChoice

    @Option(help: "Use only the clips with this value in a column: fold=3.")
    var only: Manifest.Selection?

    @Option(help: "Use only this part of the manifest's split column: train, val or test.")
    var part: String?

    @Option(
        help: "With --classifier: the folder in which 'sora fit' keeps clips' vectors, to decode none that it has.",
        completion: .directory)
    var cache: String?

    @Option(help: "Clips in the network at a time.")
    var batch = 8

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--batch", batch, 1...4096, "clips")
        if let part, Split.Part(word: part) == nil { throw ValidationError("--part is train, val or test") }
    }

    func run() throws {
        let report = try measure()
        Console.result(try common.json ? report.jsonLine() : report.metrics.text)
        for failure in report.failures { Console.note("sora: left out: \(failure.error)") }
        try FileBatch.conclude(failed: report.failures.count, of: report.failures.count + report.metrics.count)
    }

    /// Runs the model over the clips asked for.
    func measure() throws -> EvaluationReport {
        let model = try ModelArgument.read(model)
        let classifier = try choice.classifier(of: model)
        var manifest = try source.manifest(classes: classifier?.labels ?? model.configuration.labels)
        if let only { manifest = try manifest.selecting(only) }
        let wanted = part.flatMap { Split.Part(word: $0) }
        let items = manifest.items.indices.filter { wanted == nil || manifest.items[$0].part == wanted }
        guard !items.isEmpty else {
            throw TrainingError(
                .data, "\(source.data): no clip has \(part ?? "") in its split column; leave out --part to use all")
        }
        var need = MemoryNeed()
        need.add(clips: batch, of: model.configuration.clip, copies: 3)
        try need.check(smaller: "--batch")
        let loader = ClipLoader(
            manifest: manifest, specification: model.configuration.clip.specification,
            resources: ClipLoader.Resources(cacheBudget: 0))
        let progress = ProgressBar(total: items.count, style: Console.progressStyle, sink: Console.progress)
        let backend = try compute.backend(for: model)
        let evaluator = try Evaluator(model, backend: backend, classifier: classifier)
        let loss: Double
        let metrics: Evaluation
        if let cache {
            guard let classifier else {
                throw TrainingError(
                    .options, "--cache is for classifiers that 'sora fit' has made; name one by --classifier")
            }
            let reader = try ClipVectors(model, loader: loader, backend: backend, cacheFolder: cache)
            if let fault = reader.cacheFault { Console.note("note: \(fault)") }
            let single = items.filter { manifest.items[$0].labels.count == 1 }
            let clips = try reader.clips(single, features: classifier.description.features, views: 1) {
                progress.show($0)
            }
            (loss, metrics) = try evaluator.evaluate(clips, classifier: classifier)
        } else {
            (loss, metrics) = try evaluator.evaluate(loader.batches(of: items, size: batch, mode: .evaluation)) {
                progress.show($0)
            }
        }
        progress.clear()
        for damage in loader.damaged { Console.note("note: \(damage)") }
        let failures = loader.failures.map { EvaluationReport.Failure(path: $0.path, error: "\($0.error)") }
        return EvaluationReport(loss: loss, metrics: metrics, failures: failures)
    }
}

/// What an evaluation found, as JSON.
struct EvaluationReport: Encodable {
    struct Failure: Encodable {
        var path: String
        var error: String
    }
    /// Mean cross-entropy.
    var loss: Double
    var metrics: Evaluation
    /// Clips that could not be decoded.
    var failures: [Failure]
}
