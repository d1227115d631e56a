import Classifiers
public import Datasets
import Media
public import Neural
public import SoraModel

/// Measures a model on labelled clips.
public final class Evaluator {
    private let model: Model
    private let predictor: Predictor

    /// - Parameter classifier: what gives the probabilities; the model's own head where nil.
    /// - Throws: `NeuralError` if the network cannot be planned.
    public init(_ model: Model, backend: any Backend, classifier: ClipClassifier? = nil) throws {
        self.model = model
        predictor = try Predictor(model, backend: backend, classifier: classifier)
    }

    /// What the probabilities are of.
    private var labels: [String] { predictor.classifier?.labels ?? model.configuration.labels }
    /// Whether a clip may be of several classes: a classifier's is of one.
    private var isMultiLabel: Bool { predictor.classifier == nil && model.configuration.head.kind == .multiLabel }

    /// What a model says of one labelled clip.
    public struct Judgement: Sendable {
        /// Position in the manifest.
        public var clip: Int
        /// The classes it belongs to.
        public var labels: [Int]
        /// The head's outputs.
        public var logits: [Float]
        /// The probability of each class.
        public var probabilities: [Float]
    }

    /// Runs the model over the clips of some batches, and gives what it says of each, in order.
    /// - Parameters:
    ///   - observe: told after each batch how many clips are done.
    ///   - features: the vectors of a batch's frames, where they are known: `[clip, frame, feature]`.
    public func judge(
        _ batches: some Sequence<ClipBatch>, observe: (Int) -> Void = { _ in },
        features: ((ClipBatch) throws -> [Float])? = nil
    ) throws -> [Judgement] {
        var judgements: [Judgement] = []
        for batch in batches {
            let predictions =
                try features.map { try predictor.predict(features: $0(batch), clips: batch.count) }
                ?? predictor.predict(batch.frames, clips: batch.count)
            for (index, prediction) in predictions.enumerated() {
                judgements.append(
                    Judgement(
                        clip: batch.clipIndices[index], labels: batch.labels[index], logits: prediction.logits,
                        probabilities: prediction.probabilities))
            }
            observe(judgements.count)
        }
        return judgements
    }

    /// What the classifier says of clips whose vectors are known.
    /// - Parameter clips: with the vectors that the classifier looks at; the first of each is judged.
    /// - Throws: `TrainingError.options` if there is no classifier; `ClassifierError.data` if the vectors are of another
    ///   size.
    public func judge(_ clips: [ClipVectors.Clip]) throws -> [Judgement] {
        guard let classifier = predictor.classifier else {
            throw TrainingError(.options, "clips' vectors are judged by a classifier, and there is none")
        }
        return try clips.map { clip in
            Judgement(
                clip: clip.item, labels: [clip.label], logits: [],
                probabilities: try classifier.classifier.probabilities(clip.vectors.first ?? []))
        }
    }

    /// Runs the model over the clips of some batches, and measures how well it did.
    /// - Throws: `TrainingError.data` if no clip could be decoded.
    public func evaluate(
        _ batches: some Sequence<ClipBatch>, observe: (Int) -> Void = { _ in },
        features: ((ClipBatch) throws -> [Float])? = nil
    ) throws -> (loss: Double, metrics: Evaluation) {
        try measure(judge(batches, observe: observe, features: features))
    }

    /// How well some judgements agree with the labels.
    /// - Throws: `TrainingError.data` if there are none.
    public func measure(_ judgements: [Judgement]) throws -> (loss: Double, metrics: Evaluation) {
        let table = try table(judgements) { PredictionTable.Row(path: "", truth: $0.labels, probabilities: []) }
        return (table.figures(of: [.logLoss])[.logLoss] ?? 0, try table.evaluation())
    }

    /// The judgements as a table; with one label a clip, those of clips that have none or several are left out.
    /// - Parameter describe: the clip of a judgement; its labels and probabilities are filled in.
    /// - Throws: `TrainingError.data` if there are none.
    package func table(
        _ judgements: [Judgement], describe: (Judgement) -> PredictionTable.Row
    ) throws -> PredictionTable {
        let rows = judgements.filter { isMultiLabel || $0.labels.count == 1 }.map { judgement in
            var row = describe(judgement)
            row.truth = judgement.labels
            row.probabilities = judgement.probabilities.map(Double.init)
            return row
        }
        guard !rows.isEmpty else {
            throw TrainingError(.data, "no clip to evaluate could be decoded; look at one with 'sora probe'")
        }
        return try PredictionTable(labels: labels, isMultiLabel: isMultiLabel, rows: rows)
    }

    /// The judgements of clips of a manifest as a table.
    /// - Throws: `TrainingError.data` if there are none.
    public func table(_ judgements: [Judgement], of manifest: Manifest, fold: String? = nil) throws -> PredictionTable {
        try table(judgements) { judgement in
            let item = manifest.items[judgement.clip]
            return PredictionTable.Row(
                path: item.path, start: item.start?.seconds, end: item.end?.seconds, group: item.group, fold: fold,
                truth: [], probabilities: [])
        }
    }

    /// The temperature that makes the probabilities of these clips, which the model was not trained on, what they say.
    /// - Returns: nil where there is no best one: ever lower ones are ever better, as when every clip is right; and for a
    ///   classifier.
    public func temperature(_ judgements: [Judgement]) -> Double? {
        guard predictor.classifier == nil else { return nil }
        return TemperatureFit.temperature(
            head: model.configuration.head.kind, logits: judgements.map(\.logits), truth: judgements.map(\.labels))
    }
}
