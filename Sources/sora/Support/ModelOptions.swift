import ArgumentParser
import Datasets
import SoraModel

/// What may differ from a preset in a model that is trained.
struct ModelOptions: ParsableArguments {
    @OptionGroup var backbone: BackboneOptions

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

    func validate() throws {
        try Bounds.check("--hidden", hidden, 1...8192)
        try Bounds.check("--layers", layers, 1...8)
        try Bounds.check("--embedding", embedding, 1...8192)
        try Bounds.check("--dropout", dropout, 0..<1)
    }

    /// The configuration for a manifest's classes.
    /// - Throws: `ModelError.configuration` if the head asked for does not go with them.
    func configuration(for manifest: Manifest) throws -> ModelConfiguration {
        if manifest.classes.count < 2, !manifest.isMultiLabel, head != .multiLabel {
            throw ModelError(
                .configuration,
                "\(manifest.source): all clips are of the class \(manifest.classes.first ?? ""), which leaves nothing to "
                    + "tell apart; add clips of another, or use --head multiLabel")
        }
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
        var configuration = try backbone.configuration(labels: labels)
        if let hidden { configuration.temporal.hidden = hidden }
        if let layers { configuration.temporal.layers = layers }
        if let bidirectional { configuration.temporal.bidirectional = bidirectional }
        if let differences { configuration.temporal.differences = differences }
        if let fusion { configuration.temporal.fusion = fusion }
        if let embedding { configuration.embeddingSize = embedding }
        if let dropout { configuration.head.dropout = dropout }
        return configuration
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
