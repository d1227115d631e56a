import Datasets
import Neural
import SoraModel

/// The vectors of frames whose network does not learn: computed once for each view of a clip, and kept, so that later
/// epochs neither decode nor convolve.
///
/// Epoch `e` sees each clip as epoch `e % views` did; the order, the dropout and all that comes after the vectors are
/// drawn anew. Vectors are computed clip by clip, so that they do not depend on the batch.
final class FrozenFeatures {
    /// Which view of which clip.
    private struct Key: Hashable {
        var clip: Int
        /// Nil for the clip as it is evaluated.
        var view: Int?
    }
    private let data: TrainingData
    private let predictor: Predictor
    private let views: Int
    private var vectors: [Key: [Float]] = [:]
    /// Numbers there is still room for.
    private var room: Int

    /// - Parameters:
    ///   - views: how many different draws of the augmentation there are of each clip.
    ///   - budget: bytes of vectors to keep; what does not fit is computed again.
    init(_ model: Model, data: TrainingData, views: Int, budget: Int, backend: any Backend) throws {
        self.data = data
        self.views = data.loader.augmentation == .none ? 1 : views
        predictor = try Predictor(model, backend: backend)
        room = budget / 4
    }

    /// The training batches of an epoch; without frames where all their vectors are known.
    func trainingBatches(epoch: Int, size: Int, startingAt step: Int) -> AnySequence<ClipBatch> {
        let view = epoch % views
        guard isKnown(data.split.training, view) else {
            return AnySequence(data.trainingBatches(epoch: epoch, size: size, startingAt: step, view: view))
        }
        return known(data.trainingBatches(epoch: epoch, size: size, startingAt: step), view)
    }

    /// The validation batches; without frames where all their vectors are known.
    func validationBatches(size: Int) -> AnySequence<ClipBatch> {
        let batches = data.validationBatches(size: size)
        return isKnown(data.split.validation, nil) ? known(batches, nil) : AnySequence(batches)
    }

    /// The vectors of a batch of an epoch, or of the validation where nil: `[clip, frame, feature]`.
    func features(of batch: ClipBatch, epoch: Int?) throws -> [Float] {
        var result: [Float] = []
        let bytes = batch.frames.count / max(batch.count, 1)
        for (index, clip) in batch.clipIndices.enumerated() {
            let key = Key(clip: clip, view: epoch.map { $0 % views })
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

    private func isKnown(_ clips: [Int], _ view: Int?) -> Bool {
        let failed = Set(data.loader.failures.map(\.clipIndex))
        return clips.allSatisfy { vectors[Key(clip: $0, view: view)] != nil || failed.contains($0) }
    }

    /// The batches as they would be, without frames and without the clips that failed.
    private func known(_ batches: ClipBatches, _ view: Int?) -> AnySequence<ClipBatch> {
        let items = data.loader.manifest.items
        return AnySequence(
            batches.clips.lazy.map { [vectors] step, clips in
                let clips = clips.filter { vectors[Key(clip: $0, view: view)] != nil }
                return ClipBatch(
                    frames: [], labels: clips.map { items[$0].labels }, clipIndices: clips,
                    frameCount: batches.frameCount, height: 0, width: 0, step: step)
            }.filter { $0.count > 0 })
    }
}
