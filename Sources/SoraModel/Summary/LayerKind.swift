import Neural

/// What a node of a network is to a person who follows its shapes.
struct LayerKind {
    var name: String
    /// Multiplications and additions; 0 for what is small beside the matrix-like layers.
    var operations = 0

    /// Nil for what only arranges numbers, and for sources.
    init?(_ node: Graph.Node, in graph: Graph) {
        let output = node.outputs[0].shape
        switch node.operation {
        case .normalizeFrames: name = "bytes to numbers"
        case .convolution(let convolution):
            let kernel = graph.shape(node.inputs[1])
            let what = convolution.groups > 1 && kernel[1] == 1 ? "depthwise" : "convolution"
            name = "\(what) \(kernel[2])x\(kernel[3])"
            operations = 2 * output.elementCount * kernel[1] * kernel[2] * kernel[3]
        case .batchNormalization, .batchNormalizationInference:
            name = "batch norm"
            operations = 2 * output.elementCount
        case .matmul:
            let weight = graph.shape(node.inputs[1])
            name = "dense"
            operations = 2 * output.elementCount * weight[weight.rank - 1]
        case .gru(let reversed):
            let (input, hidden) = (graph.shape(node.inputs[2]), graph.shape(node.inputs[3]))
            let steps = graph.shape(node.inputs[0]).dimensions.prefix(2).reduce(1, *)
            name = reversed ? "GRU, reversed" : "GRU"
            operations = 2 * steps * (input.elementCount + hidden.elementCount)
        case .pooling(let pooling):
            name =
                "\(pooling.kind == .maximum ? "max" : "average") pool \(pooling.kernel.height)x\(pooling.kernel.width)"
        case .unary(let function):
            guard let known = Self.activation(function) else { return nil }
            name = known
        case .binary(.add): name = "add"
        case .reduce(let reduction, let axes, _):
            let what = ["mean", "max", "sum"][reduction == .mean ? 0 : reduction == .maximum ? 1 : 2]
            name = "\(what) over \(axes.count > 1 ? "image" : "time")"
        case .concatenate where node.inputs.count > 1: name = "concatenate"
        case .reshape where graph.shape(node.inputs[0]).rank == 4 && output.rank == 2: name = "flatten"
        case .softmax: name = "softmax over time"
        default: return nil
        }
    }

    private static func activation(_ function: Unary) -> String? {
        switch function {
        case .relu: "ReLU"
        case .relu6: "ReLU6"
        case .gelu: "GELU"
        case .silu: "SiLU"
        case .sigmoid: "sigmoid"
        case .tanh: "tanh"
        default: nil
        }
    }
}
