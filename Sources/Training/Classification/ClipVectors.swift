public import Datasets
import Foundation
import Media
public import Neural
public import SoraModel

/// The vectors of a manifest's clips, for classifiers: from a cache on disk where it has them, else from the files.
///
/// View 0 of a clip is the clip as it is evaluated; the others are drawn by the loader's augmentation. Not for use from
/// two threads at once.
public final class ClipVectors {
    /// A clip's vectors.
    public struct Clip: Sendable {
        /// Position in the manifest.
        public var item: Int
        /// Its class.
        public var label: Int
        /// One for each view.
        public var vectors: [[Float]]

        public init(item: Int, label: Int, vectors: [[Float]]) {
            self.item = item
            self.label = label
            self.vectors = vectors
        }
    }

    private let loader: ClipLoader
    private let predictor: Predictor
    private let cache: VectorCache?
    /// How many vectors of frames were found in the cache so far, a clip's counting once for each view.
    public private(set) var cachedCount = 0

    /// - Parameters:
    ///   - loader: of the whole manifest, so that a clip's views do not depend on which others are used.
    ///   - cacheFolder: where vectors are kept; nowhere where nil.
    /// - Throws: `NeuralError` if the network cannot be planned.
    public init(_ model: Model, loader: ClipLoader, backend: OneDNNBackend, cacheFolder: String?) throws {
        self.loader = loader
        predictor = try Predictor(model, backend: backend)
        cache = try cacheFolder.map { folder in
            VectorCache(
                folder: folder, key: try Self.key(model, backend), frames: model.configuration.clip.frames,
                featureSize: try model.network.featureSize())
        }
    }

    /// Why the cache that was there is not used, if it is not.
    public var cacheFault: String? { cache?.fault }

    /// Clips that could not be decoded so far.
    public var failures: [ClipLoader.Failure] { loader.failures }

    /// The vectors of some clips.
    /// - Parameters:
    ///   - items: positions in the manifest.
    ///   - views: how many of each clip, at least 1.
    ///   - observe: told how many views are done, of all clips together.
    /// - Returns: the clips in the order of `items`, without those that cannot be decoded.
    /// - Throws: what the network or the cache's file throws. What was worked out is kept in the cache all the same.
    public func clips(
        _ items: [Int], features: ClipFeatures, views: Int, observe: (Int) -> Void = { _ in }
    ) throws -> [Clip] {
        let files = Dictionary(
            items.map { ($0, VectorCache.name(ofFile: loader.manifest.items[$0].path)) },
            uniquingKeysWith: { a, _ in a })
        var found: [Int: [[Float]]] = [:]
        let result = Result {
            var done = 0
            for view in 0..<max(views, 1) {
                try frameVectors(items, view: view, files: files) { item, vectors in
                    found[item, default: []].append(try predictor.vector(features, features: vectors))
                    done += 1
                    observe(done)
                }
            }
        }
        try cache?.write(files: Set(files.values.compactMap { $0 }))
        try result.get()
        return items.compactMap { item in
            guard let vectors = found[item], vectors.count == max(views, 1),
                let label = loader.manifest.items[item].labels.first
            else { return nil }
            return Clip(item: item, label: label, vectors: vectors)
        }
    }

    /// Calls `body` with the vectors of the frames of one view of each clip, in any order.
    private func frameVectors(
        _ items: [Int], view: Int, files: [Int: String?], body: (_ item: Int, _ vectors: [Float]) throws -> Void
    ) throws {
        var missing: [Int] = []
        var names: [Int: String] = [:]
        for item in items {
            if let file = files[item] ?? nil { names[item] = "\(file)\t\(name(item, view: view))" }
            if let name = names[item], let vectors = cache?[name] {
                cachedCount += 1
                try body(item, vectors)
            } else {
                missing.append(item)
            }
        }
        guard !missing.isEmpty else { return }
        var written = monotonicSeconds()
        let batches = loader.batches(of: missing, size: 1, mode: view == 0 ? .evaluation : .training, epoch: view)
        for batch in batches {
            guard let item = batch.clipIndices.first else { continue }
            let vectors = try predictor.features(batch.frames, count: batch.frameCount)
            if let name = names[item] { cache?[name] = vectors }
            if monotonicSeconds() - written > 60 {
                // So that little is lost if somebody ends it.
                try cache?.write(files: Set(files.values.compactMap { $0 }))
                written = monotonicSeconds()
            }
            try body(item, vectors)
        }
    }

    /// What is seen of a file: the part of it, and for an augmented view all that it is drawn by.
    private func name(_ item: Int, view: Int) -> String {
        let clip = loader.manifest.items[item]
        func text(_ time: MediaTime?) -> String { time.map { "\($0.value)/\($0.timescale)" } ?? "" }
        let part = "\(text(clip.start))-\(text(clip.end))"
        guard view > 0 else { return part }
        return "\(part)\tview \(view) of \(item) by \(loader.seed): \(loader.augmentation)"
    }

    /// Changes with all that the vectors of a clip's frames depend on but the clip.
    private static func key(_ model: Model, _ backend: OneDNNBackend) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        var fingerprint = Fingerprint()
        let configuration = model.configuration
        fingerprint.add(try json(configuration.clip))
        fingerprint.add(try json(configuration.backbone))
        fingerprint.add(
            "\(configuration.temporal.gridChannels) \(backend.precision.rawValue) \(configuration.motion?.rawValue ?? "")"
        )
        if let quantization = backend.quantization { fingerprint.add(try json(quantization)) }
        for parameter in try model.network.frameGraph(count: 1, isTraining: false).graph.parameters {
            fingerprint.add(parameter.name)
            fingerprint.add(try model.parameters.tensor(parameter.name).floats)
        }
        return fingerprint.text
    }
}
