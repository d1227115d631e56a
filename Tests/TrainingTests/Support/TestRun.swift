import Datasets
import Foundation
import Media
import Neural
import SoraModel
import Testing
import Training

/// A folder of small clips that are easy to tell apart, and what a run on them needs. Removed with the test.
final class TestRun {
    let path: String

    /// Dark clips and light ones, each of another shade: six frames of 24x20.
    /// - Parameter path: where to put them; a new place where nil.
    init(dark: Int = 8, light: Int = 8, at path: String? = nil) throws {
        self.path =
            path ?? FileManager.default.temporaryDirectory.appendingPathComponent("sora-run-\(UUID().uuidString)").path
        for (name, count, tone) in [("dark", dark, 40), ("light", light, 180)] {
            for clip in 0..<count { try video("\(name)/\(clip).mp4", tone: tone + 3 * clip) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a clip of grey frames that grow a little lighter.
    @discardableResult
    func video(_ name: String, tone: Int) throws -> String {
        let file = try folder(of: name)
        let encoder = try VideoEncoder(path: file, width: 24, height: 20, options: .init(quality: 0.9, threads: 1))
        for frame in 0..<6 {
            let bytes = (0..<24 * 20 * 3).map { UInt8(clamping: tone + 3 * frame + ($0 / 3 % 24) / 2) }
            try encoder.append(bytes, at: MediaTime(value: Int64(frame), timescale: 10))
        }
        try encoder.finish()
        return file
    }

    /// Writes a file that is no video.
    @discardableResult
    func brokenVideo(_ name: String) throws -> String {
        let file = try folder(of: name)
        try Data("no video".utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    private func folder(of name: String) throws -> String {
        let file = file("clips/" + name)
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        return file
    }

    /// Loads the clips anew, as another process would. Every fourth clip is for validation.
    func data(_ options: TrainingOptions, _ configuration: ModelConfiguration, validates: Bool = true) throws
        -> TrainingData
    {
        let manifest = try Manifest(path: file("clips"))
        let validation = validates ? manifest.items.indices.filter { $0 % 4 == 3 } : []
        let training = manifest.items.indices.filter { !validation.contains($0) }
        let loader = ClipLoader(
            manifest: manifest, specification: configuration.clip.specification, augmentation: options.augmentation,
            seed: options.seed)
        return TrainingData(loader: loader, split: Split(training: training, validation: validation))
    }

    /// A trainer with nothing of another's in memory.
    func trainer(
        _ options: TrainingOptions, output: String, resumes: Bool = false, validates: Bool = true,
        configuration: ModelConfiguration = TestRun.configuration()
    ) throws -> Trainer {
        try Trainer(
            model: Model(configuration, seed: options.seed, frozenStages: options.frozenStages),
            data: data(options, configuration, validates: validates),
            options: options, output: file(output), resumes: resumes, backend: OneDNNBackend())
    }

    /// All that is random is on: crop, brightness, timing, dropout, order.
    static func options(epochs: Int = 3) -> TrainingOptions {
        var options = TrainingOptions()
        options.epochs = epochs
        options.batchSize = 4
        options.learningRate = 5e-3
        options.seed = 9
        return options
    }

    /// Batch normalisation, a bidirectional GRU and dropout, as the presets have them, on four frames of 16x16.
    static func configuration(
        head: Head = Head(dropout: 0.25), labels: [String] = ["dark", "light"],
        temporal: Temporal = Temporal(hidden: 5, bidirectional: true, fusion: .mean),
        backbone: Backbone = .residual(
            Backbone.Residual(stemKernel: 3, stemChannels: 4, stemPooling: false, channels: [8], blocks: [1]))
    ) -> ModelConfiguration {
        ModelConfiguration(
            preset: "test",
            clip: ClipFormat(
                specification: ClipSpecification(frames: 4, height: 16, width: 16, fit: .stretch, margin: 1.25),
                mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]),
            backbone: backbone, temporal: temporal, embeddingSize: 6, head: head, labels: labels)
    }

    /// Without batch normalisation, whose statistics depend on what goes through together.
    static func plainConfiguration(head: Head = Head(), labels: [String] = ["dark", "light"]) -> ModelConfiguration {
        configuration(head: head, labels: labels, backbone: .plain(channels: [4]))
    }
}

extension [EpochRecord] {
    /// Without the time taken, which no two runs share.
    var timeless: [EpochRecord] {
        map {
            var record = $0
            record.seconds = 0
            return record
        }
    }
}

/// Expects an error of training of one code that says all of `words`.
func expectTrainingError(
    _ code: TrainingError.Code, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("no error", sourceLocation: sourceLocation)
    } catch let error as TrainingError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        for word in words {
            #expect(error.message.contains(word), "\(word) in: \(error)", sourceLocation: sourceLocation)
        }
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}
