import Datasets
import Neural
import SoraModel
import Training

/// What a model says of labelled clips, with what could not be decoded.
struct JudgedClips {
    let manifest: Manifest
    let loader: ClipLoader
    let judgements: [Evaluator.Judgement]
    let table: PredictionTable
    let failures: [UndecodedClip]
    /// The temperature that fits these clips, if there is one.
    let temperature: Double?

    /// Runs `model` over some clips, and shows how far it is.
    /// - Parameters:
    ///   - loader: has the clips decoded perhaps; a new one where nil.
    ///   - fold: what the rows of the table are marked with.
    ///   - classifier: what gives the probabilities; the model's own head where nil.
    ///   - cache: where the clips' vectors are kept, for a classifier.
    init(
        _ model: Model, _ manifest: Manifest, items: [Int], batch: Int, backend: OneDNNBackend, fold: String? = nil,
        loader known: ClipLoader? = nil, classifier: ClipClassifier? = nil, cache: String? = nil
    ) throws {
        var need = MemoryNeed()
        need.add(clips: batch, of: model.configuration.clip, copies: 3)
        try need.check(smaller: "--batch")
        let loader =
            known
            ?? ClipLoader(
                manifest: manifest, specification: model.configuration.clip.specification,
                resources: ClipLoader.Resources(cacheBudget: 0))
        let progress = ProgressBar(total: items.count, style: Console.progressStyle, sink: Console.progress)
        let evaluator = try Evaluator(model, backend: backend, classifier: classifier)
        let judgements: [Evaluator.Judgement]
        if let cache, let classifier {
            let reader = try ClipVectors(model, loader: loader, backend: backend, cacheFolder: cache)
            if let fault = reader.cacheFault { Console.note("note: \(fault)") }
            let single = items.filter { manifest.items[$0].labels.count == 1 }
            judgements = try evaluator.judge(
                reader.clips(single, features: classifier.description.features, views: 1) { progress.show($0) })
        } else {
            judgements = try evaluator.judge(loader.batches(of: items, size: batch, mode: .evaluation)) {
                progress.show($0)
            }
        }
        progress.clear()
        let wanted = Set(items)
        for damage in loader.damaged where wanted.contains(damage.clipIndex) { Console.note("note: \(damage)") }
        failures = loader.failures.filter { wanted.contains($0.clipIndex) }
            .map(UndecodedClip.init)
        table = try evaluator.table(judgements, of: manifest, fold: fold)
        temperature = evaluator.temperature(judgements)
        (self.manifest, self.loader, self.judgements) = (manifest, loader, judgements)
    }

    /// Says on standard error what was left out.
    func noteFailures() { failures.note() }
}

extension [UndecodedClip] {
    /// Says on standard error that they were left out.
    func note() {
        for failure in self { Console.note("sora: left out: \(failure.error)") }
    }
}
