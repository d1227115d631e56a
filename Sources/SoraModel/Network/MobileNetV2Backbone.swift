import Neural

/// MobileNetV2 (Sandler et al. 2018) at width 1 with torchvision's layer names: `features.0.0`,
/// `features.2.conv.0.0`, `features.18.1`.
enum MobileNetV2Backbone {
    /// Expansion, channels, repeats and stride of each group of blocks: table 2 of the paper.
    private static let groups: [(expansion: Int, channels: Int, repeats: Int, stride: Int)] = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]

    /// - Returns: the last feature map, `[frame, height / 32, width / 32, 1280]`.
    static func build(_ builder: inout LayerBuilder, _ x: Graph.Value) throws -> Graph.Value {
        var x = try builder.normalizedConvolution(
            "features.0.0", "features.0.1", x, out: 32, kernel: 3, stride: 2, activation: .relu6)
        var index = 1
        for group in groups {
            for block in 0..<group.repeats {
                x = try invertedResidual(
                    &builder, "features.\(index).conv", x, expansion: group.expansion, channels: group.channels,
                    stride: block == 0 ? group.stride : 1)
                index += 1
            }
        }
        return try builder.normalizedConvolution(
            "features.\(index).0", "features.\(index).1", x, out: 1280, kernel: 1, activation: .relu6)
    }

    /// A 1x1 convolution that widens, a depthwise 3x3, a 1x1 that narrows without activation; added to the input
    /// where the shape stays.
    private static func invertedResidual(
        _ builder: inout LayerBuilder, _ name: String, _ x: Graph.Value, expansion: Int, channels: Int, stride: Int
    ) throws -> Graph.Value {
        let input = builder.graph.shape(x)[3]
        let wide = input * expansion
        var y = x
        var part = 0
        if expansion != 1 {
            y = try builder.normalizedConvolution(
                "\(name).\(part).0", "\(name).\(part).1", y, out: wide, kernel: 1, activation: .relu6)
            part += 1
        }
        y = try builder.normalizedConvolution(
            "\(name).\(part).0", "\(name).\(part).1", y, out: wide, kernel: 3, stride: stride, groups: wide,
            activation: .relu6)
        y = try builder.normalizedConvolution(
            "\(name).\(part + 1)", "\(name).\(part + 2)", y, out: channels, kernel: 1, activation: nil)
        return stride == 1 && input == channels ? try builder.graph.add(x, y) : y
    }
}
