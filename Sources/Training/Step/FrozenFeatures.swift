import Datasets
import Neural
import SoraModel

/// The vectors of frames whose network does not learn: computed once for each view of a clip, and kept, so that later
/// epochs neither decode nor convolve.
///
/// There are only so many views of each clip; the order, the dropout and all that comes after the vectors are drawn
/// anew each epoch. Vectors are computed clip by clip, so that they do not depend on the batch.
final class FrozenFeatures {
    /// Which view of which clip.
    private struct Key: Hashable {
        var clip: Int
        /// Nil for the clip as it is evaluated.
        var view: Int?
    }
    private let data: TrainingData
    private let predictor: Predictor
    /// How many different draws of the augmentation there are of each clip.
    private let views: Int
    private let isBalanced: Bool
    private var vectors: [Key: [Float]] = [:]
    /// Numbers there is still room for, in as many bytes as decoded clips may take; what does not fit is computed again.
    private var room: Int

    init(_ model: Model, data: TrainingData, options: TrainingOptions, backend: any Backend) throws {
        self.data = data
        views = data.loader.augmentation == .none ? 1 : options.views
        isBalanced = data.balance(options.balance, head: model.configuration.head) == .sampling
        predictor = try Predictor(model, backend: backend)
        room = data.loader.resources.cacheBudget / 4
    }

    /// The training batches of an epoch; without frames where all their vectors are known.
    func trainingBatches(epoch: Int, size: Int, startingAt step: Int) -> AnySequence<ClipBatch> {
        knownOrMade(
            data.trainingBatches(epoch: epoch, size: size, startingAt: step, isBalanced: isBalanced, views: views),
            isTraining: true)
    }

    /// The validation batches; without frames where all their vectors are known.
    func validationBatches(size: Int) -> AnySequence<ClipBatch> {
        knownOrMade(data.validationBatches(size: size), isTraining: false)
    }

    /// The vectors of a batch of clips to train with, or to validate with: `[clip, frame, feature]`.
    func features(of batch: ClipBatch, isTraining: Bool) throws -> [Float] {
        var result: [Float] = []
        let bytes = batch.frames.count / max(batch.count, 1)
        for index in batch.clipIndices.indices {
            let key = Key(clip: batch.clipIndices[index], view: isTraining ? batch.views[index] : nil)
            if let vectors = vectors[key] {
                result += vectors
                continue
            }
            let frames = Array(batch.frames[index * bytes..<(index + 1) * bytes])
            let found = try predictor.features(frames, count: batch.frameCount)
            if found.count <= room {
                vectors[key] = found
                room -= found.count
            }
            result += found
        }
        return result
    }

    /// The batches as they are; or, where all vectors are known, without frames and without the clips that failed.
    private func knownOrMade(_ batches: ClipBatches, isTraining: Bool) -> AnySequence<ClipBatch> {
        func key(_ draw: ClipDraw) -> Key { Key(clip: draw.item, view: isTraining ? draw.view : nil) }
        let failed = Set(data.loader.failures.map(\.clipIndex))
        let isKnown = batches.draws.allSatisfy { batch in
            batch.clips.allSatisfy { vectors[key($0)] != nil || failed.contains($0.item) }
        }
        guard isKnown else { return AnySequence(batches) }
        let items = data.loader.manifest.items
        return AnySequence(
            batches.draws.lazy.map { step, draws in
                let draws = draws.filter { !failed.contains($0.item) }
                return ClipBatch(
                    frames: [], labels: draws.map { items[$0.item].labels }, clipIndices: draws.map(\.item),
                    views: draws.map(\.view), frameCount: batches.frameCount, height: 0, width: 0, step: step)
            }.filter { $0.count > 0 })
    }
}
