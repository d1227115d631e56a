public import Datasets
import Media
package import SoraModel

/// The clips of a run: a loader and which of its clips are for what.
public struct TrainingData: Sendable {
    /// Decodes, augments and caches the clips.
    public let loader: ClipLoader
    /// Which clips are trained and which validated on.
    public let split: Split

    public init(loader: ClipLoader, split: Split) {
        self.loader = loader
        self.split = split
    }

    /// Whether there are validation clips.
    public var hasValidation: Bool { !split.validation.isEmpty }

    /// Batches of an epoch.
    func stepsPerEpoch(batchSize: Int) -> Int {
        trainingBatches(epoch: 0, size: batchSize, startingAt: 0).stepCount
    }

    /// The batches of an epoch, in random order.
    /// - Parameters:
    ///   - isBalanced: whether there are as many clips of each class.
    ///   - views: how many differently augmented views of a clip there are; a new one each epoch where nil.
    func trainingBatches(
        epoch: Int, size: Int, startingAt step: Int, isBalanced: Bool = false, views: Int? = nil
    ) -> ClipBatches {
        loader.batches(
            of: split.training, size: size, mode: .training, epoch: epoch, startingAt: step, isBalanced: isBalanced,
            views: views)
    }

    /// The batches of an epoch of training without labels.
    func pairs(epoch: Int, size: Int, startingAt step: Int, plays: Bool) -> ClipBatches {
        loader.pairs(of: split.training, size: size, epoch: epoch, startingAt: step, plays: plays)
    }

    /// The validation clips, as they are.
    func validationBatches(size: Int) -> ClipBatches {
        loader.batches(of: split.validation, size: size, mode: .evaluation)
    }

    /// Clips that could not be decoded so far, with the reason.
    public var failures: [(path: String, reason: String)] { loader.failures.map { ($0.path, "\($0.error)") } }

    /// The same, as a run's state keeps them.
    var clipFailures: [ClipFailure] {
        loader.failures.map { ClipFailure(clip: $0.clipIndex, path: $0.path, reason: "\($0.error)") }
    }

    /// Changes with the clips, their labels, their parts and their order: a run resumes only on the same.
    var fingerprint: String {
        var fingerprint = Fingerprint()
        for (part, items) in [("training", split.training), ("validation", split.validation)] {
            fingerprint.add(part)
            for item in items {
                let clip = loader.manifest.items[item]
                fingerprint.add(
                    "\(clip.path) \(clip.labels) \(clip.start?.description ?? "") \(clip.end?.description ?? "")")
            }
        }
        return fingerprint.text
    }
}

extension Head {
    /// What the outputs should be for clips of these labels: `[clip, output]`.
    package func targets(_ labels: [[Int]], labels count: Int) -> [Float] {
        labels.flatMap { own -> [Float] in
            kind == .binary ? [own.contains(1) ? 1 : 0] : (0..<count).map { own.contains($0) ? 1 : 0 }
        }
    }

    /// How many clips the outputs `[clip, output]` are right about: the likeliest label, or every label.
    package func correct(_ logits: [Float], labels: [[Int]]) -> Int {
        guard !labels.isEmpty else { return 0 }
        let width = logits.count / labels.count
        return labels.indices.count { clip in
            let own = logits[clip * width..<(clip + 1) * width]
            switch kind {
            case .binary: return ((own.first ?? 0) > 0) == labels[clip].contains(1)
            case .multiClass:
                let likeliest = own.indices.max { own[$0] < own[$1] }.map { $0 - own.startIndex }
                return likeliest.map(labels[clip].contains) ?? false
            case .multiLabel:
                return own.indices.allSatisfy { (own[$0] > 0) == labels[clip].contains($0 - own.startIndex) }
            }
        }
    }
}
