import Neural

/// A model's layers with their shapes, parameters and cost: what `sora info` prints.
public struct ModelSummary: Sendable, Codable {
    /// One layer that has parameters.
    public struct Layer: Sendable, Codable {
        /// Prefix of its parameters' names.
        public var name: String
        /// What it computes.
        public var kind: String
        /// Shape of its output for one clip: the first axis counts frames in the frame network.
        public var output: [Int]
        /// Trainable numbers in it.
        public var parameters: Int
        /// Multiplications and additions for each frame.
        public var operationsPerFrame: Int
    }

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
        for node in graph.nodes {
            guard let (kind, operations) = Self.cost(of: node, in: graph) else { continue }
            let held = node.inputs.compactMap { graph.parameter(of: $0) }.filter(\.isTrainable)
            let count = held.map(\.shape.elementCount).reduce(0, +)
            guard let name = held.first?.name else { continue }
            layers.append(
                Layer(
                    name: name.split(separator: ".").dropLast().joined(separator: "."), kind: kind,
                    output: node.outputs[0].shape.dimensions, parameters: count,
                    operationsPerFrame: operations / frames))
            operationsPerFrame += operations / frames
        }
        parameters = graph.parameters.filter(\.isTrainable).map(\.shape.elementCount).reduce(0, +)
    }

    /// The kind and the cost of a node that multiplies by parameters, or nil.
    private static func cost(of node: Graph.Node, in graph: Graph) -> (String, Int)? {
        let output = node.outputs[0].shape.elementCount
        switch node.operation {
        case .convolution(let convolution):
            let kernel = graph.shape(node.inputs[1])
            let name = convolution.groups > 1 && kernel[1] == 1 ? "depthwise" : "convolution"
            return ("\(name) \(kernel[2])x\(kernel[3])", 2 * output * kernel[1] * kernel[2] * kernel[3])
        case .batchNormalization, .batchNormalizationInference: return ("batch norm", 2 * output)
        case .matmul:
            let weight = graph.shape(node.inputs[1])
            return ("dense", 2 * node.outputs[0].shape.elementCount * weight[weight.rank - 1])
        case .gru(let reversed):
            let (input, hidden) = (graph.shape(node.inputs[2]), graph.shape(node.inputs[3]))
            let steps = graph.shape(node.inputs[0]).dimensions.prefix(2).reduce(1, *)
            return (reversed ? "GRU, reversed" : "GRU", 2 * steps * (input.elementCount + hidden.elementCount))
        default: return nil
        }
    }
}

extension Graph {
    /// The parameter that a value is, or nil if it is computed.
    fileprivate func parameter(of value: Value) -> Parameter? {
        guard case .parameter(let name) = nodes[value.node].operation else { return nil }
        return parameters.first { $0.name == name }
    }
}
