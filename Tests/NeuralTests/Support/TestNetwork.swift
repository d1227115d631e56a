import Neural

/// A small network with everything that the model's networks have: a stem with pooling, a residual block with batch
/// normalisation in training, a two-layer GRU in both directions, attention over time, a softmax loss.
enum TestNetwork {
    static let (batch, time, size, classes) = (3, 4, 9, 5)

    static func operationCase() throws -> OperationCase {
        var graph = Graph()
        let frames = try Source.normal("frames", [batch * time, size, size + 2, 3])
        let targets = try Source(name: "targets", tensor: labels(), isDifferentiable: false)
        _ = try build(
            &graph, try graph.input("frames", frames.tensor.type), try graph.input("targets", targets.tensor.type))
        // Around the sizes of fresh weights; scales of a normalisation around one.
        let parameters = try graph.parameters.map { parameter in
            parameter.shape.rank == 1
                ? try Source.uniform(parameter.name, parameter.shape, 0.5, 1.5).parameter
                : try Source.normal(parameter.name, parameter.shape, scale: 0.3).parameter
        }
        return OperationCase(name: "whole network", sources: [frames.constant, targets] + parameters) { graph, values in
            guard let frames = values["frames"], let targets = values["targets"] else { return [] }
            return [try build(&graph, frames, targets)]
        }
    }

    /// Rows of zeros and a one.
    static func labels() throws -> Tensor {
        let rows: [Float] = (0..<batch * classes).map { $0 % classes == (3 * ($0 / classes) + 1) % classes ? 1 : 0 }
        return try Tensor([batch, classes], rows)
    }

    /// The loss.
    static func build(_ graph: inout Graph, _ frames: Graph.Value, _ targets: Graph.Value) throws -> Graph.Value {
        var x = try convolution(&graph, frames, "conv1", 6, kernel: 3)
        x = try normalized(&graph, x, "bn1")
        x = try graph.pooling(.maximum, graph.relu(x), kernel: Pair(3), stride: Pair(2), padding: Pair(1))
        // The residual block halves the image and widens it, so that its shortcut has a convolution of its own.
        var y = try convolution(&graph, x, "block.conv1", 8, kernel: 3, stride: 2)
        y = graph.relu(try normalized(&graph, y, "block.bn1"))
        y = try convolution(&graph, y, "block.conv2", 8, kernel: 3)
        y = try normalized(&graph, y, "block.bn2")
        let shortcut = try normalized(
            &graph, convolution(&graph, x, "block.downsample.0", 8, kernel: 1, stride: 2), "block.downsample.1")
        x = graph.relu(try graph.add(y, shortcut))
        x = try graph.reshape(graph.reduce(.mean, x, axes: [1, 2]), [batch, time, 8])
        x = try graph.recurrentStack(x, hidden: 7, layers: 2, bidirectional: true).y
        let attention = try parameter(&graph, "attention.weight", [1, 14])
        let scores = try graph.reshape(graph.dense(x, weight: attention), [batch, time])
        let weights = try graph.reshape(graph.softmax(scores), [batch, time, 1])
        x = try graph.reduce(.sum, graph.multiply(x, weights), axes: [1])
        let logits = try graph.dense(
            x, weight: parameter(&graph, "head.weight", [classes, 14]), bias: parameter(&graph, "head.bias", [classes]))
        return try graph.softmaxCrossEntropy(logits, targets: targets, labelSmoothing: 0.1)
    }

    private static func parameter(_ graph: inout Graph, _ name: String, _ shape: Shape) throws -> Graph.Value {
        try graph.parameter(Parameter(name, shape, initializer: .constant(0)))
    }

    private static func convolution(
        _ graph: inout Graph, _ x: Graph.Value, _ name: String, _ outs: Int, kernel: Int, stride: Int = 1
    ) throws -> Graph.Value {
        let weight = try parameter(&graph, "\(name).weight", [outs, graph.shape(x)[3], kernel, kernel])
        return try graph.convolution(x, weight: weight, stride: Pair(stride), padding: Pair(kernel / 2))
    }

    private static func normalized(_ graph: inout Graph, _ x: Graph.Value, _ name: String) throws -> Graph.Value {
        let channels: Shape = [graph.shape(x)[3]]
        return try graph.batchNormalization(
            x, scale: parameter(&graph, "\(name).weight", channels), shift: parameter(&graph, "\(name).bias", channels)
        ).y
    }
}
