import Neural

/// How many frames to have in the frame network at a time.
///
/// A layer writes what the next one reads. Where that fits into the processor's cache, it never goes to memory; but
/// the weights are read anew for every chunk. The best chunk is the one that moves the fewest bytes for each frame.
public enum FrameChunk {
    /// What of the outermost cache a plan may count on: half of what common processors give two cores.
    static let cacheBytes = 16 << 20

    /// The chunk of at most `limit` frames for which the frame network moves the fewest bytes per frame.
    /// - Throws: `NeuralError.shape` if the configuration's frames are too small for its network.
    public static func best(for network: SoraNetwork, isTraining: Bool, limit: Int = 16) throws -> Int {
        let graph = try network.frameGraph(count: 1, isTraining: isTraining).graph
        // Kernels of 3x3 grow fourfold where they are transformed for Winograd's algorithm.
        let weights = graph.parameters.map { parameter in
            parameter.shape.elementCount * 4 * (parameter.shape.dimensions.suffix(2) == [3, 3] ? 4 : 1)
        }.reduce(0, +)
        // Normalisations and activations are taken as a convolution stores its result.
        let layers = graph.nodes.filter(\.operation.readsNeighbours).map { node in
            (node.inputs.prefix(1).map { graph.type($0).byteCount } + node.outputs.prefix(1).map(\.byteCount))
                .reduce(0, +)
        }
        func traffic(_ frames: Int) -> Int {
            weights / frames + layers.filter { $0 > cacheBytes / frames }.reduce(0, +)
        }
        // Of equals the largest: fewer and longer steps.
        return (1...min(max(limit, 1), 256)).reduce(1) { traffic($1) <= traffic($0) ? $1 : $0 }
    }

    /// A chunk of at most `limit` that cuts `count` frames into equal parts, or into parts with the last filled up
    /// where no length over half the limit does.
    static func even(_ count: Int, limit: Int) -> Int {
        let limit = min(max(limit, 1), max(count, 1))
        if let divisor = (limit / 2 + 1...limit).last(where: { count % $0 == 0 }) { return divisor }
        let parts = (count + limit - 1) / limit
        return (count + parts - 1) / parts
    }
}

extension Operation {
    /// Whether it is a convolution or a pooling.
    fileprivate var readsNeighbours: Bool {
        switch self {
        case .convolution, .pooling: true
        default: false
        }
    }
}
