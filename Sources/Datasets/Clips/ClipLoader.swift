public import Media
internal import Synchronization

/// Gives the clips of a manifest in batches, decoding them in the background while the caller computes.
///
/// The first epoch decodes; what fits the cache's budget is not decoded again. A clip that cannot be decoded is left
/// out of its batch and named in `failures`; one that is partly damaged is used, and named in `damaged`. Batches are a
/// function of the seed, the epoch and the files: neither the threads' timing nor the cache changes them.
///
/// ```swift
/// for batch in loader.batches(of: split.training, size: 16, mode: .training, epoch: 3, startingAt: 0) { … }
/// ```
public final class ClipLoader: Sendable {
    /// What batches are for.
    public enum Mode: Sendable, Hashable {
        /// In random order, augmented.
        case training
        /// In the order given, centre crop, no augmentation.
        case evaluation
    }

    /// A clip that could not be decoded.
    public struct Failure: Sendable {
        /// Position in `Manifest.items`.
        public let clipIndex: Int
        /// The video file.
        public let path: String
        /// What was wrong.
        public let error: any Error
    }

    /// A clip that was decoded, though not all of its frames: others stand in for those.
    public struct Damage: CustomStringConvertible, Sendable, Hashable {
        /// Position in `Manifest.items`.
        public let clipIndex: Int
        /// The video file.
        public let path: String
        /// How many frames of the part used are damaged, lost, or missing from the file.
        public let frames: Int

        /// `clip.mp4: 3 frames are damaged; the last good one stands for each`
        public var description: String {
            "\(path): \(frames == 1 ? "1 frame is" : "\(frames) frames are") damaged; the last good one stands for each"
        }
    }

    /// How the work is spread.
    public struct Resources: Sendable, Hashable {
        /// Bytes of decoded clips to keep for later epochs.
        public var cacheBudget: Int
        /// Decoding threads, at least 1.
        public var threads: Int
        /// Bytes of finished batches to have waiting; there is always one being prepared.
        public var queueBudget: Int

        public init(cacheBudget: Int = 1 << 30, threads: Int = 2, queueBudget: Int = 128 << 20) {
            self.cacheBudget = cacheBudget
            self.threads = min(max(1, threads), 64)
            self.queueBudget = queueBudget
        }
    }

    /// The clips.
    public let manifest: Manifest
    /// What a clip is to the network.
    public let specification: ClipSpecification
    /// What is changed at random in training.
    public let augmentation: Augmentation
    /// Of the order and the augmentation.
    public let seed: UInt64
    /// How the work is spread.
    public let resources: Resources
    private let cache: ClipCache
    private let failed = Mutex<[Int: any Error]>([:])
    private let harmed = Mutex<[Int: Int]>([:])

    public init(
        manifest: Manifest, specification: ClipSpecification, augmentation: Augmentation = .none, seed: UInt64 = 0,
        resources: Resources = Resources()
    ) {
        self.manifest = manifest
        self.specification = specification
        self.augmentation = augmentation
        self.seed = seed
        self.resources = resources
        cache = ClipCache(budget: resources.cacheBudget)
    }

    /// Bytes of decoded clips kept now.
    public var cachedByteCount: Int { cache.byteCount }
    /// Clips kept now.
    public var cachedClipCount: Int { cache.count }

    /// The clips that could not be decoded so far, in the manifest's order.
    public var failures: [Failure] {
        failed.withLock { $0 }.sorted { $0.key < $1.key }
            .map { Failure(clipIndex: $0.key, path: manifest.items[$0.key].path, error: $0.value) }
    }

    /// The clips so far of which not all frames could be decoded, in the manifest's order.
    public var damaged: [Damage] {
        harmed.withLock { $0 }.sorted { $0.key < $1.key }
            .map { Damage(clipIndex: $0.key, path: manifest.items[$0.key].path, frames: $0.value) }
    }

    /// The batches of one epoch. Going through them starts the threads; leaving off ends them.
    /// - Parameters:
    ///   - items: positions in the manifest of the clips of the epoch. Positions outside it are left out.
    ///   - size: clips in a batch.
    ///   - mode: whether the order is random and the clips are augmented.
    ///   - epoch: from 0; with the seed it determines the order and the augmentation.
    ///   - step: the first batch to give, as when a run is resumed.
    ///   - dropsLast: whether a last batch that is not full is left out.
    ///   - isBalanced: in training, whether there are as many clips of each class, rather than each clip once.
    ///   - views: in training, how many differently augmented views of a clip there are; nil for a new one each epoch.
    public func batches(
        of items: [Int], size: Int, mode: Mode, epoch: Int = 0, startingAt step: Int = 0, dropsLast: Bool = false,
        isBalanced: Bool = false, views: Int? = nil
    ) -> ClipBatches {
        let items = items.filter(manifest.items.indices.contains)
        let order = EpochOrder(seed: seed, epoch: epoch, views: views)
        let draws =
            switch mode {
            case .evaluation: items.map { ClipDraw(item: $0, view: epoch) }
            case .training:
                isBalanced ? order.balanced(items) { manifest.items[$0].labels } : order.once(items)
            }
        return ClipBatches(
            loader: self, plan: BatchPlan(draws, batchSize: size, dropsLast: dropsLast), mode: mode, epoch: epoch,
            firstStep: max(0, step))
    }

    /// The batches of one epoch of pretraining: two differently augmented views of each clip, the first views of all clips
    /// of a batch before the second ones.
    /// - Parameters:
    ///   - size: clips in a batch, each of which is there twice.
    ///   - step: the first batch to give, as when a run is resumed.
    ///   - plays: whether clips are played in different ways, both views alike; their labels are then the playbacks'
    ///     numbers.
    public func pairs(
        of items: [Int], size: Int, epoch: Int, startingAt step: Int = 0, plays: Bool = true
    ) -> ClipBatches {
        let order = EpochOrder(seed: seed, epoch: epoch, views: nil)
        let pairs = order.pairs(items.filter(manifest.items.indices.contains), plays: plays)
        return ClipBatches(
            loader: self, plan: BatchPlan(pairs: pairs, batchSize: size), mode: .training, epoch: epoch,
            firstStep: max(0, step))
    }

    /// One clip as a batch would hold it: `[frame, height, width, 3]`.
    /// - Parameters:
    ///   - view: which draw of its random changes it gets in training (see `ClipDraw`).
    ///   - playback: how its frames are played; as they are where nil.
    /// - Throws: `DatasetError` if there is no such clip, else what its decoding failed with.
    public func clip(_ item: Int, mode: Mode, view: Int = 0, playback: Playback? = nil) throws -> [UInt8] {
        guard manifest.items.indices.contains(item) else {
            throw DatasetError(.badRequest, path: manifest.source, "there is no clip \(item)")
        }
        var transform =
            mode == .training
            ? ClipTransform(augmentation, seed: seed, view: view, item: item) : ClipTransform.identity
        if let playback { transform.play(playback) }
        return try stored(item, mode).cut(specification, transform)
    }

    /// A clip from the cache, or from its file.
    private func stored(_ item: Int, _ mode: Mode) throws -> StoredClip {
        if let clip = cache[item, mode] { return clip }
        if let error = failed.withLock({ $0[item] }) { throw error }
        do {
            let (clip, damaged) = try decode(manifest.items[item], mode)
            if damaged > 0 { harmed.withLock { $0[item] = damaged } }
            cache.offer(clip, for: item, mode)
            return clip
        } catch {
            failed.withLock { $0[item] = error }
            throw error
        }
    }
}
