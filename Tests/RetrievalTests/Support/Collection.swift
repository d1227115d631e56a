import Datasets
import Foundation
import Media
import Neural
import Retrieval
import SoraModel

/// A new empty folder, removed with all others when the tests end: what is in it is open for longer than one can see.
struct TemporaryFolder: Sendable {
    let path: String

    private static let root: String = {
        atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.root) }
        return FileManager.default.temporaryDirectory.appending(path: "sora-retrieval-\(UUID().uuidString)").path
    }()

    init() throws {
        path = Self.root + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func file(_ name: String) -> String { path + "/" + name }
}

/// Videos that a test draws, and an index of them.
enum Collection {
    /// A small network with weights by chance: likeness of what is nearly the same needs no more.
    static func model(seed: UInt64 = 3) throws -> Model {
        let clip = ClipFormat(
            specification: ClipSpecification(frames: 4, height: 32, width: 32, fit: .stretch, margin: 1),
            mean: [0.45, 0.45, 0.45], deviation: [0.25, 0.25, 0.25])
        return try Model(
            ModelConfiguration(
                preset: "test", clip: clip,
                backbone: .residual(
                    Backbone.Residual(
                        stemKernel: 3, stemChannels: 8, stemPooling: false, channels: [16, 32], blocks: [1, 1])),
                temporal: Temporal(gridChannels: 8, hidden: 24, fusion: .mean), embeddingSize: 32, head: Head(),
                labels: ["no", "yes"]), seed: seed)
    }

    static func analyzer(_ model: Model) throws -> VideoAnalyzer {
        try VideoAnalyzer(
            model, backend: OneDNNBackend(precision: .float32, choice: .byRule, quantization: nil), options: cutting)
    }

    static var cutting: Segmenter.Options {
        var options = Segmenter.Options()
        (options.rate, options.window, options.hop) = (4, 8, 4)
        return options
    }

    /// A video of scenes, each of coloured blocks that drift, another for each seed.
    static func video(
        _ path: String, seeds: [UInt64], framesEach: Int = 40, rate: Int32 = 10, width: Int = 96, height: Int = 72,
        first: Int = 0, change: (inout [UInt8]) -> Void = { _ in }
    ) throws {
        let encoder = try VideoEncoder(
            path: path, width: width, height: height, options: .init(quality: 0.8, threads: 1))
        var count: Int64 = 0
        for seed in seeds {
            var random = Datasets.SeededRandom(seed: seed)
            let blocks = (0..<7).map { _ in
                (
                    x: random.uniform(), y: random.uniform(), side: random.uniform(0.15..<0.45),
                    dx: random.uniform(-0.4..<0.4), dy: random.uniform(-0.4..<0.4),
                    colour: (0..<3).map { _ in UInt8(random.integer(below: 256)) }
                )
            }
            let ground = (0..<3).map { _ in UInt8(random.integer(below: 256)) }
            for frame in first..<framesEach {
                var bytes = (0..<width * height).flatMap { _ in ground }
                for block in blocks {
                    let time = Double(frame) / Double(framesEach)
                    for row in 0..<height {
                        for column in 0..<width {
                            let (x, y) = (Double(column) / Double(width), Double(row) / Double(height))
                            guard abs(x - block.x - block.dx * time) < block.side / 2,
                                abs(y - block.y - block.dy * time) < block.side / 2
                            else { continue }
                            for channel in 0..<3 { bytes[(row * width + column) * 3 + channel] = block.colour[channel] }
                        }
                    }
                }
                change(&bytes)
                try encoder.append(bytes, at: MediaTime(value: count, timescale: rate))
                count += 1
            }
        }
        try encoder.finish()
    }

    /// An index of some videos, in a folder of its own.
    static func index(_ videos: [String], in folder: TemporaryFolder, _ model: Model) throws -> SearchIndex {
        let files = IndexFiles(folder: folder.path)
        let analyzer = try analyzer(model)
        let catalogue = try Catalogue(
            creating: files.catalogue,
            settings: IndexSettings(
                model: "test", fingerprint: model.fingerprint, dimensions: analyzer.dimensions, cutting: cutting))
        let indexer = try Indexer(catalogue, analyzer, fingerprint: model.fingerprint)
        try indexer.add(videos) { path, outcome in
            if case .failed(let error) = outcome { throw error }
            return true
        }
        return try SearchIndex(opening: folder.path)
    }

    /// A catalogue of made-up vectors, one video for each group of them.
    static func catalogue(_ videos: [[[Float]]], in folder: TemporaryFolder) throws -> Catalogue {
        let size = videos[0][0].count
        let catalogue = try Catalogue(
            creating: IndexFiles(folder: folder.path).catalogue,
            settings: IndexSettings(model: "test", fingerprint: "1", dimensions: size, cutting: cutting))
        for (number, vectors) in videos.enumerated() {
            try catalogue.replace(
                "/videos/\(number).mp4", FileStamp(size: Int64(number), modified: 5, digest: UInt64(number) << 60 | 7),
                by: made(vectors))
        }
        return catalogue
    }

    static func made(_ vectors: [[Float]]) -> AnalyzedVideo {
        AnalyzedVideo(
            duration: Double(vectors.count), width: 64, height: 48, rate: 10, codec: "h264", damagedCount: 0,
            segments: vectors.enumerated().map { place, vector in
                Segment(
                    start: MediaTime(value: Int64(place), timescale: 1),
                    end: MediaTime(value: Int64(place + 1), timescale: 1),
                    vector: unit(vector))
            }, trace: FrameTrace(rate: 4, dimensions: 4))
    }

    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }

    /// A vector about one of the axes.
    static func near(_ axis: Int, size: Int = 16, _ random: inout Datasets.SeededRandom, spread: Double = 0.15)
        -> [Float]
    {
        unit((0..<size).map { Float(($0 == axis ? 1 : 0) + random.uniform(-spread..<spread)) })
    }
}
