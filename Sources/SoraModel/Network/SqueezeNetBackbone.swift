import Neural

/// SqueezeNet 1.1 (Iandola et al. 2016) with torchvision's layer names: `features.0`, `features.3.squeeze`.
enum SqueezeNetBackbone {
    /// Channels of each fire module: squeezed, and of either of its two halves. A pooling goes before those of `pooled`.
    private static let fires = [(16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)]
    private static let pooled = [0, 2, 4]

    /// - Returns: the last feature map, `[frame, height / 16, width / 16, 512]`, a little less: nothing is padded.
    static func build(_ builder: inout LayerBuilder, _ x: Graph.Value) throws -> Graph.Value {
        var x = try convolution(&builder, "features.0", x, out: 64, kernel: 3, stride: 2)
        // Activations and poolings have numbers of their own.
        var index = 2
        for (place, fire) in fires.enumerated() {
            if pooled.contains(place) {
                builder.enter("features.\(index)")
                x = try builder.graph.pooling(.maximum, x, kernel: Pair(3), stride: Pair(2), roundsUp: true)
                index += 1
            }
            let name = "features.\(index)"
            let narrow = try convolution(&builder, name + ".squeeze", x, out: fire.0, kernel: 1)
            let one = try convolution(&builder, name + ".expand1x1", narrow, out: fire.1, kernel: 1)
            let three = try convolution(&builder, name + ".expand3x3", narrow, out: fire.1, kernel: 3, padding: 1)
            builder.enter(name)
            x = try builder.graph.concatenate([one, three], axis: 3)
            index += 1
        }
        return x
    }

    private static func convolution(
        _ builder: inout LayerBuilder, _ name: String, _ x: Graph.Value, out: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0
    ) throws -> Graph.Value {
        let y = try builder.convolution(
            name, x, out: out, kernel: kernel, stride: stride, padding: padding, bias: true)
        return builder.graph.relu(y)
    }
}
