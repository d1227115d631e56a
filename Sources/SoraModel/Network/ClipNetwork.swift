import Neural

/// The part of the network that sees a clip: the frames' vectors in, an embedding and logits out.
enum ClipNetwork {
    struct Outputs {
        /// `[clip, embedding]`, not normalised.
        var embedding: Graph.Value
        /// `[clip, output]`
        var logits: Graph.Value
    }

    /// Adds the network for `features [frame, clip, feature]`.
    static func build(
        _ builder: inout LayerBuilder, features: Graph.Value, configuration: ModelConfiguration
    ) throws -> Outputs {
        let temporal = configuration.temporal
        builder.graph.scope = "gru"
        let read = temporal.differences ? try withDifferences(&builder.graph, features) : features
        let sequence = try builder.graph.transpose(read, [1, 0, 2])
        let (states, last) = try builder.graph.recurrentStack(
            sequence, hidden: temporal.hidden, layers: temporal.layers, bidirectional: temporal.bidirectional,
            initialization: builder.initialization)
        let final = try builder.graph.concatenate(Array(last.suffix(temporal.bidirectional ? 2 : 1)), axis: 1)
        let fused = try fuse(&builder, states, last: final, temporal.fusion)
        let embedding = try configuration.embeddingSize.map { try builder.dense("embedding", fused, out: $0) } ?? fused
        var decided = embedding
        builder.graph.scope = "head"
        if builder.isTraining && configuration.head.dropout > 0 {
            let seed = try builder.graph.input("seed", TensorType([2], .int32))
            decided = try builder.graph.dropout(embedding, rate: configuration.head.dropout, seed: seed, stream: 0)
        }
        let outputs = configuration.head.outputs(labels: configuration.labels.count)
        let logits = try builder.dense("head", decided, out: outputs)
        return Outputs(embedding: embedding, logits: logits)
    }

    /// `[frame, clip, feature]` with the difference from the frame before after each feature's own; 0 for the first.
    private static func withDifferences(_ graph: inout Graph, _ features: Graph.Value) throws -> Graph.Value {
        let shape = graph.shape(features)
        let first = graph.fill(0, [1, shape[1], shape[2]])
        guard shape[0] > 1 else { return try graph.concatenate([features, first], axis: 2) }
        let later = try graph.slice(features, axis: 0, 1..<shape[0])
        let earlier = try graph.slice(features, axis: 0, 0..<shape[0] - 1)
        let differences = try graph.concatenate([first, graph.subtract(later, earlier)], axis: 0)
        return try graph.concatenate([features, differences], axis: 2)
    }

    /// The states `[clip, time, feature]`, the final one being `last [clip, feature]`, as one vector a clip.
    private static func fuse(
        _ builder: inout LayerBuilder, _ states: Graph.Value, last: Graph.Value, _ fusion: Temporal.Fusion
    ) throws -> Graph.Value {
        builder.graph.scope = "fusion"
        switch fusion {
        case .last: return last
        case .mean: return try builder.graph.reduce(.mean, states, axes: [1])
        case .max: return try builder.graph.reduce(.maximum, states, axes: [1])
        case .attention:
            let shape = builder.graph.shape(states)
            let hidden = builder.graph.tanh(try builder.dense("attention.hidden", states, out: shape[2]))
            let scores = try builder.dense("attention.score", hidden, out: 1)
            let weights = builder.graph.softmax(try builder.graph.reshape(scores, [shape[0], shape[1]]))
            let weighted = try builder.graph.multiply(
                states, builder.graph.reshape(weights, [shape[0], shape[1], 1]))
            return try builder.graph.reduce(.sum, weighted, axes: [1])
        }
    }
}
