import ArgumentParser
import Media
import SoraModel

/// A preset, what may differ from it in how a clip is seen and in the backbone, and weights to start from.
struct BackboneOptions: ParsableArguments {
    @Option(help: "The network and its settings (default: small).")
    var preset: Preset?

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
            Show the network motion, for classes that it tells apart: the differences between frames, beside the frames, to a \
            second backbone of the same kind, or alone, so that scenes cannot be learned by heart; or each frame stacked \
            with those before and after it, in grey.
            """)
    var motion: Motion?

    @Option(
        help: """
            A safetensors file to start from: tensors whose name and shape are the network's (torchvision's names, or \
            an earlier model), or 'default', the model that comes with sora. Without --preset the network is the earlier \
            model's.
            """, completion: .file())
    var weights: String?

    func validate() throws {
        try Bounds.check("--frames", frames, 1...10_000)
        try Bounds.check("--size", size, 8...4096, "pixels")
        try Bounds.check("--margin", margin, 1...4)
        try Bounds.check("--stages", stages, 1...8)
    }

    /// Whether anything but the weights and the number of frames is given.
    var isGiven: Bool {
        preset != nil || size != nil || fit != nil || margin != nil || stages != nil || motion != nil
    }

    /// The preset's configuration, or that of the model file that the weights are from, with what is given.
    /// - Throws: `ModelError.configuration` if the backbone has no such stages, and what reading the model file throws.
    func configuration(labels: [String]) throws -> ModelConfiguration {
        var configuration = try start()
        configuration.labels = labels
        if let frames { configuration.clip.frames = frames }
        if let size { configuration.clip.size = size }
        if let fit { configuration.clip.specification.fit = fit }
        if let margin { configuration.clip.specification.margin = margin }
        if let stages { configuration.backbone = try shortened(configuration, to: stages) }
        if let motion { configuration.motion = motion }
        return configuration
    }

    /// What the network is before anything is changed: of a preset that is named; else of the model that the weights come from,
    /// so that all of them fit; else of the preset that is the default. What is decided is the clips' matter.
    private func start() throws -> ModelConfiguration {
        guard preset == nil, let weights, var own = try ModelArgument.configuration(besideWeightsIn: weights) else {
            return (preset ?? .small).configuration
        }
        own.head = (Preset(rawValue: own.preset) ?? .small).configuration.head
        return own
    }

    private func shortened(_ configuration: ModelConfiguration, to stages: Int) throws -> Backbone {
        guard case .residual(var residual) = configuration.backbone, stages <= residual.blocks.count else {
            throw ModelError(
                .configuration,
                "--stages \(stages): the backbone of \(configuration.preset) has no such layers to keep")
        }
        residual.channels = Array(residual.channels.prefix(stages))
        residual.blocks = Array(residual.blocks.prefix(stages))
        return .residual(residual)
    }
}
