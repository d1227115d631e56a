import Neural

/// The part of the network that sees one frame at a time: bytes in, a vector out.
enum FrameNetwork {
    /// Adds the network for `count` frames, with its inputs, which `ModelConfiguration.frameInputs` names: bytes
    /// `[frame, height, width, 3]`.
    /// - Returns: `[frame, feature]`
    static func build(
        _ builder: inout LayerBuilder, count: Int, configuration: ModelConfiguration
    ) throws -> Graph.Value {
        try streams(&builder, count: count, configuration: configuration).features
    }

    /// The same, with the last feature map of each stream, `[frame, height, width, channel]`.
    static func streams(
        _ builder: inout LayerBuilder, count: Int, configuration: ModelConfiguration
    ) throws -> (maps: [Graph.Value], features: Graph.Value) {
        let type = TensorType([count, configuration.clip.size, configuration.clip.size, 3], .uint8)
        let inputs = try configuration.frameInputs.map { try builder.graph.input($0.rawValue, type) }
        let seen = try stream(&builder, inputs[0], configuration)
        guard inputs.count > 1 else { return ([seen.map], seen.features) }
        builder.prefix = Backbone.motionPrefix
        let moved = try stream(&builder, inputs[1], configuration)
        builder.prefix = ""
        builder.enter("streams")
        return ([seen.map, moved.map], try builder.graph.concatenate([seen.features, moved.features], axis: 1))
    }

    private static func stream(
        _ builder: inout LayerBuilder, _ frames: Graph.Value, _ configuration: ModelConfiguration
    ) throws -> (map: Graph.Value, features: Graph.Value) {
        let map = try map(&builder, frames, configuration)
        return (map, try pool(&builder, map, gridChannels: configuration.temporal.gridChannels))
    }

    private static func map(
        _ builder: inout LayerBuilder, _ frames: Graph.Value, _ configuration: ModelConfiguration
    ) throws -> Graph.Value {
        let (scale, shift) = configuration.clip.scaleAndShift
        builder.enter("normalize")
        let x = try builder.graph.normalizeFrames(frames, scale: scale, shift: shift)
        switch configuration.backbone {
        case .plain(let channels): return try plain(&builder, x, channels)
        case .residual(let residual): return try ResidualBackbone.build(&builder, x, residual)
        case .mobileNetV2: return try MobileNetV2Backbone.build(&builder, x)
        case .squeezeNet: return try SqueezeNetBackbone.build(&builder, x)
        }
    }

    /// The article's convolutions: 3x3, ReLU, max-pooling 2, for each channel count.
    private static func plain(_ builder: inout LayerBuilder, _ x: Graph.Value, _ channels: [Int]) throws -> Graph.Value
    {
        var x = x
        for (index, out) in channels.enumerated() {
            x = try builder.convolution("conv\(index + 1)", x, out: out, kernel: 3, bias: true)
            x = builder.graph.relu(x)
            x = try builder.graph.pooling(.maximum, x, kernel: Pair(2))
        }
        return x
    }

    /// The mean over the image and, if asked for, the map itself in fewer channels, flattened.
    private static func pool(
        _ builder: inout LayerBuilder, _ map: Graph.Value, gridChannels: Int
    ) throws -> Graph.Value {
        builder.enter("pool")
        let mean = try builder.graph.reduce(.mean, map, axes: [1, 2])
        guard gridChannels > 0 else { return mean }
        let grid = try builder.normalizedConvolution(
            "grid.conv", "grid.bn", map, out: gridChannels, kernel: 1, activation: .relu)
        let shape = builder.graph.shape(grid)
        let flat = try builder.graph.reshape(grid, [shape[0], shape[1] * shape[2] * shape[3]])
        return try builder.graph.concatenate([mean, flat], axis: 1)
    }
}
