import Classifiers
public import Datasets
import Foundation
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
    /// How they are meant: a classifier's are of one class each.
    private var head: Head { predictor.classifier == nil ? model.configuration.head : Head(kind: .multiClass) }

    /// What a model says of one labelled clip.
    public struct Judgement: Sendable {
        /// Position in the manifest.
        public var clip: Int
        /// The classes it belongs to.
        public var labels: [Int]
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
                        clip: batch.clipIndices[index], labels: batch.labels[index],
                        probabilities: prediction.probabilities))
            }
            observe(judgements.count)
        }
        return judgements
    }

    /// Runs the model over the clips of some batches, and measures how well it did.
    /// - Throws: `TrainingError.data` if no clip could be decoded.
    public func evaluate(
        _ batches: some Sequence<ClipBatch>, observe: (Int) -> Void = { _ in },
        features: ((ClipBatch) throws -> [Float])? = nil
    ) throws -> (loss: Double, metrics: Evaluation) {
        try measure(judge(batches, observe: observe, features: features))
    }

    /// Measures how well a classifier does on clips whose vectors are known.
    /// - Parameter clips: with the vectors that the classifier looks at; the first of each is judged.
    /// - Throws: `TrainingError.data` if there are none; `ClassifierError.data` if their vectors are of another size.
    public func evaluate(
        _ clips: [ClipVectors.Clip], classifier: ClipClassifier
    ) throws -> (loss: Double, metrics: Evaluation) {
        try measure(
            clips.map { clip in
                Judgement(
                    clip: clip.item, labels: [clip.label],
                    probabilities: try classifier.classifier.probabilities(clip.vectors.first ?? []))
            })
    }

    private func measure(_ judgements: [Judgement]) throws -> (loss: Double, metrics: Evaluation) {
        guard !judgements.isEmpty else {
            throw TrainingError(.data, "no clip to evaluate could be decoded; look at one with 'sora probe'")
        }
        return (head.loss(judgements), try metrics(judgements))
    }

    /// The figures for some judgements.
    private func metrics(_ judgements: [Judgement]) throws -> Evaluation {
        switch head.kind {
        case .multiLabel:
            return try Evaluation(
                labels: labels, truth: judgements.map(\.labels), probabilities: judgements.map(\.probabilities))
        case .binary, .multiClass:
            let single = judgements.filter { $0.labels.count == 1 }
            return try Evaluation(
                labels: labels, truth: single.map { $0.labels[0] },
                predicted: single.map { judgement in
                    judgement.probabilities.indices.max {
                        judgement.probabilities[$0] < judgement.probabilities[$1]
                    } ?? 0
                })
        }
    }
}

extension Head {
    /// Mean cross-entropy of the probabilities, without weights or smoothing.
    fileprivate func loss(_ judgements: [Evaluator.Judgement]) -> Double {
        func surprise(_ probability: Float) -> Double { -log(max(Double(probability), 1e-12)) }
        let losses = judgements.map { judgement -> Double in
            let probabilities = judgement.probabilities
            guard kind == .multiLabel else {
                return judgement.labels.first.map { surprise(probabilities[$0]) } ?? 0
            }
            let terms = probabilities.indices.map {
                judgement.labels.contains($0) ? surprise(probabilities[$0]) : surprise(1 - probabilities[$0])
            }
            return terms.reduce(0, +) / Double(max(terms.count, 1))
        }
        return losses.reduce(0, +) / Double(max(losses.count, 1))
    }
}
