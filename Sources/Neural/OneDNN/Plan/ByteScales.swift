/// Which images of a plan are stored as bytes, and what one step of them is worth.
struct ByteScale: Hashable {
    /// `uint8` or `int8`.
    var type: StorageType
    /// What the byte 1 stands for.
    var step: Float

    init(_ interval: Quantization.Interval) {
        type = interval.isSigned ? .int8 : .uint8
        step = interval.step
    }

    /// The images that a convolution reads as bytes, and those from which such an image is pooled.
    static func find(_ graph: Graph, _ quantization: Quantization) -> [Graph.Value: ByteScale] {
        var scales: [Graph.Value: ByteScale] = [:]
        for node in graph.nodes.indices {
            guard case .convolution(let c) = graph.nodes[node].operation,
                let layer = graph.weightsName(node).flatMap({ quantization.layers[$0] })
            else { continue }
            let inputs = graph.nodes[node].inputs
            if let input = layer.input { scales[inputs[0]] = scales[inputs[0]] ?? ByteScale(input) }
            if c.addsResidual, let residual = layer.residual, let added = inputs.last {
                scales[added] = scales[added] ?? ByteScale(residual)
            }
        }
        // The largest of some bytes is that of the numbers they stand for.
        for node in graph.nodes.indices.reversed() {
            guard case .pooling(let pooling) = graph.nodes[node].operation, pooling.kind == .maximum,
                let scale = scales[Graph.Value(node: node, output: 0)]
            else { continue }
            let input = graph.nodes[node].inputs[0]
            scales[input] = scales[input] ?? scale
        }
        return scales
    }
}
