import ArgumentParser
import Datasets
import Media
import SoraModel

/// What may differ from a preset.
struct ModelOptions: ParsableArguments {
    @Option(help: "The preset: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
    var preset = Preset.small

    @Option(help: "Frames of each clip.")
    var frames: Int?

    @Option(help: "Height and width of a frame.")
    var size: Int?

    @Option(help: "How a frame is fitted to the size: stretch, crop or letterbox.")
    var fit: ClipSpecification.Fit?

    @Option(help: "Size of the GRU's state.")
    var hidden: Int?

    @Option(help: "GRU layers.")
    var layers: Int?

    @Flag(inversion: .prefixedNo, help: "Whether the GRU reads the clip backwards as well.")
    var bidirectional: Bool?

    @Option(help: "How the states over time become one vector: last, mean, max or attention.")
    var fusion: Temporal.Fusion?

    @Option(help: "Size of the embedding.")
    var embedding: Int?

    /// The configuration for a manifest's classes.
    func configuration(for manifest: Manifest) -> ModelConfiguration {
        var configuration = preset.configuration
        configuration.labels = manifest.classes
        if let frames { configuration.clip.frames = frames }
        if let size { configuration.clip.size = size }
        if let fit { configuration.clip.specification.fit = fit }
        if let hidden { configuration.temporal.hidden = hidden }
        if let layers { configuration.temporal.layers = layers }
        if let bidirectional { configuration.temporal.bidirectional = bidirectional }
        if let fusion { configuration.temporal.fusion = fusion }
        if let embedding { configuration.embeddingSize = embedding }
        if manifest.isMultiLabel {
            configuration.head.kind = .multiLabel
        } else if configuration.head.kind == .binary, manifest.classes.count != 2 {
            configuration.head.kind = .multiClass
        }
        return configuration
    }
}
