import Media

/// A named starting point for a model's configuration and for its training.
public enum Preset: String, CaseIterable, Codable, Sendable {
    /// The network as the article gives it.
    case article
    /// A residual network of about a million parameters at 112 pixels, made for CPUs: the default.
    case small
    case resnet18, resnet34, resnet50, mobilenetv2, squeezenet

    /// The configuration, without labels.
    public var configuration: ModelConfiguration {
        switch self {
        case .article:
            ModelConfiguration(
                preset: rawValue,
                clip: ClipFormat(
                    specification: ClipSpecification(frames: 100, height: 224, width: 224, fit: .stretch, margin: 1)),
                backbone: .plain(channels: [32, 64]),
                temporal: Temporal(hidden: 128, fusion: .last), embeddingSize: nil, head: Head(kind: .binary))
        case .small:
            ModelConfiguration(
                preset: rawValue, clip: imageNetClip(size: 112),
                backbone: .residual(
                    Backbone.Residual(
                        stemKernel: 3, stemChannels: 16, stemPooling: false, channels: [32, 64, 128], blocks: [1, 1, 2])
                ),
                temporal: Temporal(gridChannels: 8, differences: true, hidden: 128, bidirectional: true, fusion: .mean),
                embeddingSize: 128,
                head: Head(dropout: 0.2))
        case .resnet18: residual([2, 2, 2, 2])
        case .resnet34: residual([3, 4, 6, 3])
        case .resnet50: residual([3, 4, 6, 3], bottleneck: true)
        case .mobilenetv2: imageNetSized(.mobileNetV2)
        case .squeezenet: imageNetSized(.squeezeNet)
        }
    }

    private func residual(_ blocks: [Int], bottleneck: Bool = false) -> ModelConfiguration {
        imageNetSized(.residual(Backbone.Residual(blocks: blocks, bottleneck: bottleneck)))
    }

    private func imageNetSized(_ backbone: Backbone) -> ModelConfiguration {
        ModelConfiguration(
            preset: rawValue, clip: imageNetClip(size: 224),
            backbone: backbone, temporal: Temporal(hidden: 256, fusion: .mean), embeddingSize: 256,
            head: Head(dropout: 0.2))
    }

    /// Sixteen frames whose bytes are brought to the mean and deviation of ImageNet's images, as torchvision does.
    private func imageNetClip(size: Int) -> ClipFormat {
        ClipFormat(
            specification: ClipSpecification(frames: 16, height: size, width: size, fit: .stretch, margin: 1.15),
            mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
    }
}
