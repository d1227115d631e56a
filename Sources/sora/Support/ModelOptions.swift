import ArgumentParser
import Datasets
import Media
import SoraModel

/// What may differ from a preset.
struct ModelOptions: ParsableArguments {
    @Option(help: "The network and its settings.")
    var preset = Preset.small

    @Option(help: "Frames of each clip: 1 to 10000.")
    var frames: Int?

    @Option(help: "Height and width of a frame, in pixels: 8 to 4096.")
    var size: Int?

    @Option(help: "How a frame is fitted to the size.")
    var fit: ClipSpecification.Fit?

    @Option(help: "Room for random crops: frames are fitted to so many times the size, 1 to 4. 1 keeps all of a frame.")
    var margin: Double?

    @Option(help: "Keep only so many layers of a residual backbone: 3 leaves out layer4.")
    var stages: Int?

    @Option(
        help: """
            Show the network the differences between frames, for classes that motion tells apart: beside the frames, to a \
            second backbone of the same kind, or alone, so that scenes cannot be learned by heart.
            """)
    var motion: Motion?

    @Option(help: "Size of the GRU's state.")
    var hidden: Int?

    @Option(help: "GRU layers.")
    var layers: Int?

    @Flag(inversion: .prefixedNo, help: "Whether the GRU reads the clip backwards as well.")
    var bidirectional: Bool?

    @Flag(inversion: .prefixedNo, help: "Whether the GRU also reads how each frame's vector differs from the last.")
    var differences: Bool?

    @Option(help: "How the states over time become one vector.")
    var fusion: Temporal.Fusion?

    @Option(help: "Size of the embedding.")
    var embedding: Int?

    @Option(help: "What is decided: binary, multiClass (one label of several) or multiLabel (any of them).")
    var head: Head.Kind?

    @Option(help: "Share of the embedding that is dropped at random in training, 0 ..< 1.")
    var dropout: Float?

    @Option(
        help: """
            A safetensors file to start from: tensors whose name and shape are the network's (torchvision's names, or \
            an earlier model).
            """, completion: .file())
    var weights: String?

    func validate() throws {
        try Bounds.check("--frames", frames, 1...10_000)
        try Bounds.check("--size", size, 8...4096, "pixels")
        try Bounds.check("--margin", margin, 1...4)
        try Bounds.check("--stages", stages, 1...8)
        try Bounds.check("--hidden", hidden, 1...8192)
        try Bounds.check("--layers", layers, 1...8)
        try Bounds.check("--embedding", embedding, 1...8192)
        try Bounds.check("--dropout", dropout, 0..<1)
    }

    /// The configuration for a manifest's classes.
    /// - Throws: `ModelError.configuration` if the head asked for does not go with them.
    func configuration(for manifest: Manifest) throws -> ModelConfiguration {
        var configuration = try configuration(labels: manifest.classes)
        if let head {
            try check(head, for: manifest)
            configuration.head.kind = head
        } else if manifest.isMultiLabel {
            configuration.head.kind = .multiLabel
        } else if configuration.head.kind == .binary, manifest.classes.count != 2 {
            configuration.head.kind = .multiClass
        }
        return configuration
    }

    /// The configuration for some labels, with the preset's kind of head.
    /// - Throws: `ModelError.configuration` if the backbone has not as many stages as are to be kept.
    func configuration(labels: [String]) throws -> ModelConfiguration {
        var configuration = preset.configuration
        configuration.labels = labels
        if let frames { configuration.clip.frames = frames }
        if let size { configuration.clip.size = size }
        if let fit { configuration.clip.specification.fit = fit }
        if let margin { configuration.clip.specification.margin = margin }
        if let stages { configuration.backbone = try shortened(configuration.backbone, to: stages) }
        if let motion { configuration.motion = motion }
        if let hidden { configuration.temporal.hidden = hidden }
        if let layers { configuration.temporal.layers = layers }
        if let bidirectional { configuration.temporal.bidirectional = bidirectional }
        if let differences { configuration.temporal.differences = differences }
        if let fusion { configuration.temporal.fusion = fusion }
        if let embedding { configuration.embeddingSize = embedding }
        if let dropout { configuration.head.dropout = dropout }
        return configuration
    }

    private func shortened(_ backbone: Backbone, to stages: Int) throws -> Backbone {
        guard case .residual(var residual) = backbone, stages <= residual.blocks.count else {
            throw ModelError(
                .configuration, "--stages \(stages): the backbone of \(preset.rawValue) has no such layers to keep")
        }
        residual.channels = Array(residual.channels.prefix(stages))
        residual.blocks = Array(residual.blocks.prefix(stages))
        return .residual(residual)
    }

    private func check(_ head: Head.Kind, for manifest: Manifest) throws {
        if head != .multiLabel, manifest.isMultiLabel {
            throw ModelError(
                .configuration,
                "--head \(head.rawValue) takes one label a clip, and clips in \(manifest.source) have several: "
                    + "use --head multiLabel")
        }
        if head == .binary, manifest.classes.count != 2 {
            throw ModelError(
                .configuration,
                "--head binary takes 2 classes, and \(manifest.source) has \(manifest.classes.count): "
                    + "use --head multiClass")
        }
    }
}
