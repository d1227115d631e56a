public import Neural
public import SoraModel

/// One step of training: the gradient of the loss of a batch, in memory that does not grow with the batch.
///
/// The frame network runs over a chunk of frames at a time. On the way forward only each frame's vector is kept; the
/// clip network then yields the loss and the vectors' gradients; on the way back each chunk is computed again and its
/// gradient added to the sum (Chen et al. 2016, "Training deep nets with sublinear memory cost", with one checkpoint).
/// A batch that fits into one chunk runs as a single graph, with nothing computed twice.
///
/// Batch normalisation sees a chunk at a time. Frames are taken time-major, so a chunk mixes all clips of the batch.
public final class TrainingStep {
    /// What a step found.
    public struct Outcome: Sendable {
        /// The batch's mean loss.
        public var loss: Float
        /// `[clip, output]`
        public var logits: [Float]
        /// `[clip, embedding]`, not normalised.
        public var embeddings: [Float]

        fileprivate init(_ results: [Tensor]) {
            loss = results[0].floats[0]
            (logits, embeddings) = (results[1].floats, results[2].floats)
        }
    }

    private let network: SoraNetwork
    private let parameters: ParameterBuffer
    private let backend: any Backend
    private let loss: any TrainingLoss
    /// The gradients of the last step.
    public let gradients: ParameterBuffer
    /// Most frames in the frame network at a time.
    public let chunk: Int

    private var wholePlans: [Int: any Executable] = [:]
    private var clipPlans: [Int: any Executable] = [:]
    private var forwardPlans: [Int: any Executable] = [:]
    private var backwardPlans: [Int: any Executable] = [:]

    /// - Parameters:
    ///   - chunk: most frames in the frame network at a time. Where nil: with batch normalisation as many as
    ///     `memoryBudget` allows, since statistics are those of a chunk; without it as many as stay in the cache.
    ///   - memoryBudget: bytes for the results of a chunk's layers and their gradients.
    /// - Throws: `NeuralError` if the network cannot be built.
    public init(
        model: Model, loss: any TrainingLoss, backend: any Backend, chunk: Int? = nil,
        memoryBudget: Int = 768 << 20
    ) throws {
        network = model.network
        parameters = model.parameters
        self.backend = backend
        self.loss = loss
        gradients = try model.parameters.zeros()
        self.chunk = try chunk ?? Self.chunk(for: model.network, memoryBudget: memoryBudget)
    }

    private static func chunk(for network: SoraNetwork, memoryBudget: Int) throws -> Int {
        let fitting = try max(1, memoryBudget / bytesPerFrame(network))
        let normalizes = try !network.frameGraph(count: 1, isTraining: true).graph.updates.isEmpty
        return normalizes ? fitting : try FrameChunk.best(for: network, isTraining: true, limit: min(fitting, 16))
    }

    /// A bound on what a frame's activations and their gradients take: each layer's result. About two of three stay
    /// until the way back (an activation overwrites what it reads), which leaves room for the gradients on their way.
    private static func bytesPerFrame(_ network: SoraNetwork) throws -> Int {
        let graph = try network.frameGraph(count: 1, isTraining: true).graph
        return graph.nodes.lazy.filter { !$0.inputs.isEmpty }.map { $0.outputs[0].byteCount }.reduce(0, +)
    }

    /// Computes the loss of a batch and leaves its gradient in `gradients`; updates running statistics.
    ///
    /// - Parameters:
    ///   - frames: bytes `[clip, frame, height, width, 3]`.
    ///   - targets: `[clip, output]`: a distribution over the classes, or a 0 or 1 for each output.
    ///   - seed: for dropout; another one at each step.
    ///   - further: what the loss reads beside that.
    /// - Throws: `ModelError.input` if the counts do not fit.
    public func run(
        frames: [UInt8], targets: [Float], clips: Int, seed: UInt64, further: [String: Tensor] = [:]
    ) throws -> Outcome {
        let format = network.configuration.clip
        let count = clips * format.frames
        guard clips > 0, frames.count == count * format.size * format.size * 3 else {
            throw ModelError(.input, "\(clips) clips of \(format.frames) frames are not \(frames.count) bytes")
        }
        let batch = FrameInputs(frames, configuration: network.configuration)
        /// Of frames `range` of the time-major order, `[frame, clip]`, though they are stored as `[clip, frame]`.
        func frameInputs(_ range: Range<Int>) throws -> [String: Tensor] {
            try batch.tensors(range.map { ($0 % clips) * format.frames + $0 / clips })
        }
        var inputs = try inputs(targets: targets, clips: clips, seed: seed).merging(further) { $1 }
        gradients.fill(0)
        if count <= chunk {
            inputs.merge(try frameInputs(0..<count)) { $1 }
            let results = try wholePlan(clips).run(inputs, parameters: parameters, gradients: gradients)
            return Outcome(results)
        }
        let chunks = Self.chunks(of: count, atMost: chunk)
        var features: [Float] = []
        for range in chunks {
            let results = try forwardPlan(range.count).run(
                frameInputs(range), parameters: parameters, gradients: nil)
            features.append(contentsOf: results[0].floats)
        }
        let size = features.count / count
        inputs["features"] = try Tensor([format.frames, clips, size], features)
        let results = try clipPlan(clips).run(inputs, parameters: parameters, gradients: gradients)
        let cotangents = results[3].floats
        for range in chunks {
            let cotangent = Array(cotangents[range.lowerBound * size..<range.upperBound * size])
            var inputs = try frameInputs(range)
            inputs["cotangent"] = try Tensor([range.count, size], cotangent)
            _ = try backwardPlan(range.count).run(inputs, parameters: parameters, gradients: gradients)
        }
        return Outcome(results)
    }

    /// The same for frames whose vectors are known, since the frame network does not learn.
    ///
    /// - Parameter features: `[clip, frame, feature]`.
    /// - Throws: `ModelError.input` if the counts do not fit, or the frame network does learn.
    public func run(features: [Float], targets: [Float], clips: Int, seed: UInt64) throws -> Outcome {
        let (frames, size) = (network.configuration.clip.frames, try network.featureSize())
        guard network.isFrameNetworkFrozen else {
            throw ModelError(.input, "the frame network learns: give it frames, not their vectors")
        }
        guard clips > 0, features.count == clips * frames * size else {
            throw ModelError(.input, "\(clips) clips of \(frames) vectors are not \(features.count) numbers")
        }
        var inputs = try inputs(targets: targets, clips: clips, seed: seed)
        inputs["features"] = try Predictor.timeMajor(features, frames: frames, clips: clips)
        gradients.fill(0)
        let results = try clipPlan(clips).run(inputs, parameters: parameters, gradients: gradients)
        return Outcome(results)
    }

    /// All inputs but the frames or their vectors.
    private func inputs(targets: [Float], clips: Int, seed: UInt64) throws -> [String: Tensor] {
        let outputs = network.configuration.head.outputs(labels: network.configuration.labels.count)
        var inputs = ["targets": try Tensor([clips, outputs], targets)]
        if network.configuration.head.dropout > 0 {
            inputs["seed"] = try Tensor(
                [2], [Int32(truncatingIfNeeded: seed >> 32), Int32(truncatingIfNeeded: seed)])
        }
        return inputs.merging(try loss.constants()) { $1 }
    }

    /// Ranges of nearly equal length that cover `0 ..< count`.
    static func chunks(of count: Int, atMost limit: Int) -> [Range<Int>] {
        let parts = (count + limit - 1) / limit
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }

    // MARK: Plans, by size

    private func wholePlan(_ clips: Int) throws -> any Executable {
        if let plan = wholePlans[clips] { return plan }
        var clip = try network.wholeGraph(clips: clips, isTraining: true)
        let loss = try loss(of: &clip)
        let (gradients, _) = try clip.graph.parameterGradients(of: loss)
        let plan = try backend.compile(
            clip.graph,
            outputs: [GraphOutput(loss), GraphOutput(clip.logits), GraphOutput(clip.embedding)] + gradients
                + clip.graph.updateOutputs)
        wholePlans[clips] = plan
        return plan
    }

    private func forwardPlan(_ count: Int) throws -> any Executable {
        if let plan = forwardPlans[count] { return plan }
        let (graph, features) = try network.frameGraph(count: count, isTraining: true)
        let plan = try backend.compile(graph, outputs: [GraphOutput(features)] + graph.updateOutputs)
        forwardPlans[count] = plan
        return plan
    }

    private func backwardPlan(_ count: Int) throws -> any Executable {
        if let plan = backwardPlans[count] { return plan }
        var (graph, features) = try network.frameGraph(count: count, isTraining: true)
        let cotangent = try graph.input("cotangent", graph.type(features))
        let (gradients, _) = try graph.parameterGradients(of: features, cotangent: cotangent)
        let plan = try backend.compile(graph, outputs: gradients)
        backwardPlans[count] = plan
        return plan
    }

    private func clipPlan(_ clips: Int) throws -> any Executable {
        if let plan = clipPlans[clips] { return plan }
        var clip = try network.clipGraph(clips: clips, isTraining: true)
        let loss = try loss(of: &clip)
        let (gradients, others) = try clip.graph.parameterGradients(of: loss, and: [clip.features])
        let plan = try backend.compile(
            clip.graph,
            outputs: [loss, clip.logits, clip.embedding, others[0]].map { GraphOutput($0) } + gradients)
        clipPlans[clips] = plan
        return plan
    }

    private func loss(of clip: inout SoraNetwork.ClipGraph) throws -> Graph.Value {
        try loss.build(
            &clip.graph, embedding: clip.embedding, logits: clip.logits, head: network.configuration.head)
    }
}

extension Graph {
    /// The running statistics, each written to its parameter.
    fileprivate var updateOutputs: [GraphOutput] { updates.map { GraphOutput($0.value, .assign($0.parameter)) } }

    /// Adds the gradient of `output` (of `sum(output * cotangent)` where a cotangent is given).
    /// - Returns: an output for each trainable parameter's gradient, and the gradients of `others`.
    fileprivate mutating func parameterGradients(
        of output: Value, cotangent: Value? = nil, and others: [Value] = []
    ) throws -> (outputs: [GraphOutput], others: [Value]) {
        let trainable = parameters.filter(\.isTrainable)
        let sources = try trainable.map { try parameter($0) }
        let one = cotangent ?? fill(1, shape(output))
        let gradients = try gradients(of: [(output, one)], withRespectTo: sources + others)
        let outputs = zip(trainable, gradients).map { GraphOutput($1, .accumulate($0.name)) }
        return (outputs, Array(gradients.suffix(others.count)))
    }
}
