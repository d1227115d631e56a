import Neural

/// Residual networks (He et al. 2016) with torchvision's layer names: `conv1`, `bn1`, `layer1.0.conv1`,
/// `layer2.0.downsample.0`.
enum ResidualBackbone {
    /// - Returns: the last feature map, `[frame, height / 32, width / 32, channel]` with the usual stem.
    static func build(
        _ builder: inout LayerBuilder, _ x: Graph.Value, _ shape: Backbone.Residual
    ) throws -> Graph.Value {
        var x = try builder.normalizedConvolution(
            "conv1", "bn1", x, out: shape.stemChannels, kernel: shape.stemKernel, stride: 2, activation: .relu)
        if shape.stemPooling {
            x = try builder.graph.pooling(.maximum, x, kernel: Pair(3), stride: Pair(2), padding: Pair(1))
        }
        for (stage, (channels, blocks)) in zip(shape.channels, shape.blocks).enumerated() {
            for block in 0..<blocks {
                let halves = block == 0 && (stage > 0 || !shape.stemPooling)
                let name = "layer\(stage + 1).\(block)"
                x =
                    try shape.bottleneck
                    ? bottleneck(&builder, name, x, channels: channels, stride: halves ? 2 : 1)
                    : basic(&builder, name, x, channels: channels, stride: halves ? 2 : 1)
            }
        }
        return x
    }

    /// Two 3x3 convolutions beside a shortcut.
    private static func basic(
        _ builder: inout LayerBuilder, _ name: String, _ x: Graph.Value, channels: Int, stride: Int
    ) throws -> Graph.Value {
        let inner = try builder.normalizedConvolution(
            "\(name).conv1", "\(name).bn1", x, out: channels, kernel: 3, stride: stride, activation: .relu)
        let outer = try builder.normalizedConvolution(
            "\(name).conv2", "\(name).bn2", inner, out: channels, kernel: 3, activation: nil)
        let short = try shortcut(&builder, name, x, channels: channels, stride: stride)
        return builder.graph.relu(try builder.graph.add(outer, short))
    }

    /// A 1x1 convolution that narrows, a 3x3 that strides, a 1x1 that widens fourfold, beside a shortcut.
    private static func bottleneck(
        _ builder: inout LayerBuilder, _ name: String, _ x: Graph.Value, channels: Int, stride: Int
    ) throws -> Graph.Value {
        let narrow = try builder.normalizedConvolution(
            "\(name).conv1", "\(name).bn1", x, out: channels, kernel: 1, activation: .relu)
        let middle = try builder.normalizedConvolution(
            "\(name).conv2", "\(name).bn2", narrow, out: channels, kernel: 3, stride: stride, activation: .relu)
        let wide = try builder.normalizedConvolution(
            "\(name).conv3", "\(name).bn3", middle, out: channels * 4, kernel: 1, activation: nil)
        let short = try shortcut(&builder, name, x, channels: channels * 4, stride: stride)
        return builder.graph.relu(try builder.graph.add(wide, short))
    }

    /// The input itself, or a 1x1 convolution of it where the shape changes.
    private static func shortcut(
        _ builder: inout LayerBuilder, _ name: String, _ x: Graph.Value, channels: Int, stride: Int
    ) throws -> Graph.Value {
        guard stride != 1 || builder.graph.shape(x)[3] != channels else { return x }
        return try builder.normalizedConvolution(
            "\(name).downsample.0", "\(name).downsample.1", x, out: channels, kernel: 1, stride: stride, activation: nil
        )
    }
}
