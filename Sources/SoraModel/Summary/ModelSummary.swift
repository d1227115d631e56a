import Neural

/// A model's layers with their shapes, parameters and cost: what `sora info` prints.
public struct ModelSummary: Sendable, Codable {
    /// One layer, with parameters or without.
    public struct Layer: Sendable, Codable {
        /// Where in the network it stands: the prefix of its parameters' names, where it has any.
        public var name: String
        /// What it computes.
        public var kind: String
        /// Shape of its output for one clip: the first axis counts frames in the frame network, clips after it.
        public var output: [Int]
        /// Trainable numbers in it.
        public var parameters: Int
        /// Multiplications and additions for each frame; 0 for layers that are small beside the matrix-like ones.
        public var operationsPerFrame: Int
    }

    /// In the order of computation, the probabilities last.
    public var layers: [Layer] = []
    /// Trainable numbers in the model.
    public var parameters = 0
    /// Multiplications and additions for each frame, of the matrix-like layers; the others are small beside them.
    public var operationsPerFrame = 0
    /// Numbers in an embedding.
    public var embeddingSize: Int

    /// - Throws: `NeuralError.shape` if the configuration's frames are too small for its network.
    public init(_ network: SoraNetwork) throws {
        let whole = try network.wholeGraph(clips: 1, isTraining: false)
        let graph = whole.graph
        embeddingSize = graph.shape(whole.embedding)[1]
        let frames = network.configuration.clip.frames
        let used = graph.nodes(behind: [whole.embedding, whole.logits])
        for (place, node) in graph.nodes.enumerated() where used.contains(place) {
            guard let kind = LayerKind(node, in: graph) else { continue }
            let held = node.inputs.compactMap { graph.parameter(of: $0) }.filter(\.isTrainable)
            let name = held.first.map { $0.name.split(separator: ".").dropLast().joined(separator: ".") }
            layers.append(
                Layer(
                    name: name ?? graph.place(of: node), kind: kind.name, output: node.outputs[0].shape.dimensions,
                    parameters: held.map(\.shape.elementCount).reduce(0, +),
                    operationsPerFrame: kind.operations / frames))
            operationsPerFrame += kind.operations / frames
        }
        layers.append(
            Layer(
                name: "probabilities", kind: network.configuration.head.kind == .multiClass ? "softmax" : "sigmoid",
                output: graph.shape(whole.logits).dimensions, parameters: 0, operationsPerFrame: 0))
        parameters = graph.parameters.filter(\.isTrainable).map(\.shape.elementCount).reduce(0, +)
    }
}

extension Graph {
    /// The parameter that a value is, or nil if it is computed.
    fileprivate func parameter(of value: Value) -> Parameter? {
        guard case .parameter(let name) = nodes[value.node].operation else { return nil }
        return parameters.first { $0.name == name }
    }

    /// Where a node without parameters stands. What joins branches belongs to their block, not to the last layer of one
    /// of them: `layer1.0`, not `layer1.0.downsample.1`.
    fileprivate func place(of node: Node) -> String {
        let joined = node.inputs.count > 1 || nodes[node.inputs[0].node].operation == .binary(.add)
        guard joined else { return node.label }
        let parts = node.label.split(separator: ".")
        let end = parts.firstIndex(of: "downsample") ?? max(parts.count - 1, 1)
        return parts[..<end].joined(separator: ".")
    }

    /// The nodes that some values depend on.
    fileprivate func nodes(behind values: [Value]) -> Set<Int> {
        var used = Set(values.map(\.node))
        // Each node's inputs come before it.
        for place in nodes.indices.reversed() where used.contains(place) {
            used.formUnion(nodes[place].inputs.map(\.node))
        }
        return used
    }
}
