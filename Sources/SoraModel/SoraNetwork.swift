public import Neural

/// The graphs of a model: of its frames, of its clips, and of both with a loss.
///
/// Frames stand time-major, `[frame, clip, …]`, so that any run of frames mixes all clips of a batch:
/// batch normalisation over a chunk of them sees many scenes, not one.
public struct SoraNetwork: Sendable {
    /// What the network is built from.
    public let configuration: ModelConfiguration
    /// How many of the backbone's stages, from the first, training leaves as they are: their parameters are not
    /// trainable, and their normalisations use the running statistics in training too.
    public let frozenStages: Int

    /// - Throws: `ModelError.configuration` if the configuration makes no sense, or has not as many stages.
    public init(_ configuration: ModelConfiguration, frozenStages: Int = 0) throws {
        try configuration.validate()
        let stages = configuration.backbone.stages
        guard (0...stages.count).contains(frozenStages) else {
            throw ModelError(
                .configuration,
                "\(frozenStages) stages cannot be frozen: the network has \(stages.count) "
                    + "(\(stages.joined(separator: ", ")))")
        }
        self.configuration = configuration
        self.frozenStages = frozenStages
    }

    /// Whether nothing that a frame passes through is trained: its vector stays the same all along.
    public var isFrameNetworkFrozen: Bool { frozenStages == configuration.backbone.stages.count }

    /// Bytes of `count` frames to their vectors.
    ///
    /// Inputs `frames`, uint8 `[count, size, size, 3]`, or `motion`, of the same type, or both: as `FrameInputs` makes them
    /// for the configuration. In training the graph's `updates` carry the running statistics.
    public func frameGraph(count: Int, isTraining: Bool) throws -> (graph: Graph, features: Graph.Value) {
        var builder = builder(isTraining: isTraining)
        let features = try frames(&builder, count: count)
        return (builder.graph, features)
    }

    /// Vectors of the frames of `clips` clips to embeddings and logits.
    ///
    /// Input `features`, `[frames, clips, feature]`, and in training with dropout `seed`, int32 `[2]`.
    public func clipGraph(clips: Int, isTraining: Bool) throws -> ClipGraph {
        var builder = builder(isTraining: isTraining)
        let features = try builder.graph.input(
            "features", TensorType([configuration.clip.frames, clips, try featureSize()]))
        let outputs = try ClipNetwork.build(&builder, features: features, configuration: configuration)
        return ClipGraph(
            graph: builder.graph, features: features, embedding: outputs.embedding, logits: outputs.logits)
    }

    /// Bytes of the frames of `clips` clips to embeddings and logits: both parts in one graph.
    ///
    /// Inputs as above, for `frames * clips` frames, time-major.
    public func wholeGraph(clips: Int, isTraining: Bool) throws -> ClipGraph {
        var builder = builder(isTraining: isTraining)
        let vectors = try frames(&builder, count: configuration.clip.frames * clips)
        let size = builder.graph.shape(vectors)[1]
        let features = try builder.graph.reshape(vectors, [configuration.clip.frames, clips, size])
        let outputs = try ClipNetwork.build(&builder, features: features, configuration: configuration)
        return ClipGraph(
            graph: builder.graph, features: features, embedding: outputs.embedding, logits: outputs.logits)
    }

    /// Bytes of `count` frames, and how much a result would grow with each number of their vectors, to the places in each
    /// frame that speak for the result: Grad-CAM (Selvaraju et al. 2017) at the last feature map.
    ///
    /// Each channel's map is weighted by its mean gradient; the sum over the channels, of both streams where motion is
    /// seen beside the frames, is cut off at 0. Inputs as for `frameGraph`, and `gradient`, `[count, feature]`.
    /// - Returns: `[count, height, width]` of the last feature map.
    package func activationGraph(count: Int) throws -> (graph: Graph, maps: Graph.Value) {
        var builder = builder(isTraining: false)
        let (streams, features) = try FrameNetwork.streams(&builder, count: count, configuration: configuration)
        let gradient = try builder.graph.input("gradient", builder.graph.type(features))
        let slopes = try builder.graph.gradients(of: [(features, gradient)], withRespectTo: streams)
        builder.enter("activation")
        let sums = try zip(streams, slopes).map { map, slope in
            let weights = try builder.graph.reduce(.mean, slope, axes: [1, 2], keepsAxes: true)
            return try builder.graph.reduce(.sum, builder.graph.multiply(map, weights), axes: [3])
        }
        let maps = builder.graph.relu(try sums.dropFirst().reduce(sums[0]) { try builder.graph.add($0, $1) })
        return (builder.graph, maps)
    }

    /// A graph that ends in an embedding and logits.
    public struct ClipGraph: Sendable {
        /// The nodes, inputs and parameters.
        public var graph: Graph
        /// `[frames, clips, feature]`
        public var features: Graph.Value
        /// `[clips, embedding]`, not normalised.
        public var embedding: Graph.Value
        /// `[clips, output]`
        public var logits: Graph.Value
    }

    /// All parameters, in the order of use.
    public func parameters() throws -> [Parameter] {
        try wholeGraph(clips: 1, isTraining: true).graph.parameters
    }

    /// Size of a frame's vector.
    public func featureSize() throws -> Int {
        let (graph, features) = try frameGraph(count: 1, isTraining: false)
        return graph.shape(features)[1]
    }

    private func frames(_ builder: inout LayerBuilder, count: Int) throws -> Graph.Value {
        do {
            return try FrameNetwork.build(&builder, count: count, configuration: configuration)
        } catch let error as NeuralError where error.code == .shape {
            let size = configuration.clip.size
            throw NeuralError(.shape, "frames of \(size)x\(size) do not fit the network: \(error.message)")
        }
    }

    private func builder(isTraining: Bool) -> LayerBuilder {
        var builder = LayerBuilder(isTraining: isTraining)
        if case .plain = configuration.backbone { builder.initialization = .keras }
        if frozenStages > 0 {
            let (backbone, frozen) = (configuration.backbone, frozenStages)
            builder.isFrozen = { name in backbone.stage(of: name).map { $0 < frozen } ?? false }
        }
        return builder
    }
}
