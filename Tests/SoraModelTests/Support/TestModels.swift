import Foundation
import Media
import Neural
import SoraModel

/// Small models for tests, with sizes that differ from each other so that a swapped axis fails.
enum TestModels {
    /// Five frames of 24x24 through a small residual network; of 36x36 for one that needs more.
    static func configuration(
        temporal: Temporal = Temporal(gridChannels: 3, hidden: 6, fusion: .mean), embeddingSize: Int? = 7,
        head: Head = Head(), labels: [String] = ["left", "right", "up"],
        backbone: Backbone = .residual(
            Backbone.Residual(stemKernel: 3, stemChannels: 4, stemPooling: false, channels: [8, 16], blocks: [1, 2]))
    ) -> ModelConfiguration {
        let side = backbone == .squeezeNet ? 36 : 24
        let clip = ClipFormat(
            specification: ClipSpecification(frames: 5, height: side, width: side, fit: .letterbox, margin: 1.25),
            mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3])
        return ModelConfiguration(
            preset: "test", clip: clip, backbone: backbone, temporal: temporal, embeddingSize: embeddingSize,
            head: head,
            labels: labels)
    }

    /// A model whose running statistics are not those of a new one, as they are not after training.
    static func model(_ configuration: ModelConfiguration = configuration(), seed: UInt64 = 11) throws -> Model {
        let model = try Model(configuration, seed: seed)
        for (k, parameter) in model.parameters.parameters.enumerated() where !parameter.isTrainable {
            let offset: Float = parameter.name.hasSuffix("running_var") ? 2 : 0
            let values = Drawn.tensor(k, count: parameter.shape.elementCount, offset: offset, scale: 1)
            try model.parameters.set(parameter.name, to: Tensor(parameter.shape, values))
        }
        return model
    }

    /// Noise for `clips` clips, `[clip, frame, height, width, 3]`.
    static func frames(_ configuration: ModelConfiguration, clips: Int, salt: UInt32 = 77) -> [UInt8] {
        let count = clips * configuration.clip.frames * configuration.clip.size * configuration.clip.size * 3
        return (0..<count).map { UInt8(Drawn.salted(salt, $0) >> 24) }
    }
}

/// A folder that goes with the test that made it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("sora-model-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}
