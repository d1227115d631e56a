import Media
import Neural
import SoraModel

/// Small networks that hold every part of the presets between them.
enum Networks {
    static let all: [(name: String, configuration: ModelConfiguration)] = [
        // As the article's: convolutions with bias, the last state, no layer after it, two labels of one output.
        (
            "plain",
            configuration(
                .plain(channels: [5, 6]), Temporal(hidden: 7, fusion: .last), embedding: nil, .binary, labels: 2)
        ),
        // As 'small': grid, differences, both directions.
        (
            "residual",
            configuration(
                .residual(
                    .init(stemKernel: 3, stemChannels: 4, stemPooling: false, channels: [6, 8], blocks: [1, 2])),
                Temporal(gridChannels: 3, differences: true, hidden: 5, bidirectional: true, fusion: .mean),
                embedding: 7, .multiClass, labels: 3)
        ),
        // As ResNet-50: a stem that pools, bottlenecks; a motion stream beside; two layers in both directions,
        // attention, several labels.
        (
            "bottleneck",
            configuration(
                .residual(.init(stemKernel: 7, stemChannels: 4, channels: [4, 6], blocks: [2, 1], bottleneck: true)),
                Temporal(hidden: 6, layers: 2, bidirectional: true, fusion: .attention), embedding: 5, .multiLabel,
                labels: 4, motion: .beside)
        ),
        // Each frame with those before and after it.
        (
            "stacked",
            configuration(
                .plain(channels: [4]), Temporal(gridChannels: 2, hidden: 4, fusion: .mean), embedding: 3, .multiClass,
                labels: 2, motion: .stacked)
        ),
        // One frame has no difference from one before, and the maximum over time is over one state.
        (
            "one-frame",
            configuration(
                .plain(channels: [4]), Temporal(differences: true, hidden: 3, fusion: .max), embedding: 2, .multiClass,
                labels: 1, frames: 1)
        ),
    ]

    static func configuration(
        _ backbone: Backbone, _ temporal: Temporal, embedding: Int?, _ head: Head.Kind, labels: Int, frames: Int = 5,
        motion: Motion? = nil
    ) -> ModelConfiguration {
        let clip = ClipFormat(
            specification: ClipSpecification(frames: frames, height: 24, width: 24, fit: .letterbox, margin: 1.25),
            mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3])
        return ModelConfiguration(
            preset: "test", clip: clip, backbone: backbone, motion: motion, temporal: temporal,
            embeddingSize: embedding,
            head: Head(kind: head, dropout: 0.1), labels: ["a \"b\"", "ü/ü", "c", "d"].prefix(labels).map { $0 })
    }

    /// A model with weights by formula, and running statistics that are not those of a new one.
    static func model(_ configuration: ModelConfiguration) throws -> Model {
        let model = try Model(configuration, seed: 0)
        for (index, parameter) in model.parameters.parameters.enumerated() {
            let count = parameter.shape.elementCount
            let fan = max(count / max(parameter.shape.dimensions.first ?? 1, 1), 1)
            let isOffset =
                parameter.name.hasSuffix("running_var")
                || (parameter.shape.rank == 1 && parameter.name.hasSuffix("weight"))
            let values = Drawn.floats(
                UInt32(index + 1), count: count, offset: isOffset ? 1 : 0,
                scale: isOffset ? 1 : 4 / Float(fan).squareRoot())
            try model.parameters.set(parameter.name, to: Tensor(parameter.shape, values))
        }
        // As 'sora calibrate' leaves it.
        if configuration.head.kind != .binary { model.temperature = 1.5 }
        return model
    }
}
