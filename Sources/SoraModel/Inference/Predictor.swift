import Classifiers
public import Neural

/// Runs a model over clips: bytes in, embeddings and probabilities out.
///
/// Frames go through the network a few at a time, so memory does not depend on the clip's length or the number of
/// clips. Not for use from two threads at once.
public final class Predictor {
    private let model: Model
    private let backend: any Backend
    /// Frames that go through the network at a time.
    public let chunk: Int
    /// What gives the probabilities; the model's own head where nil.
    public let classifier: ClipClassifier?
    private let frameNetwork: any Executable
    private let featureSize: Int
    /// Whether a frame's vector also says how it changed.
    var seesMotion: Bool { model.configuration.motion != nil }
    /// Frames of a clip.
    var frameCount: Int { model.configuration.clip.frames }
    /// What goes into the frames' network and what comes out of it: the same memory each time.
    private var frameInputs: [String: Tensor]
    private var frameResults: [Tensor] = []
    private var clipNetworks: [Int: any Executable] = [:]

    /// - Parameter maximumChunk: the most frames to have in the network at a time; chosen so that the layers' results
    ///   stay in the processor's cache where nil.
    /// - Parameter classifier: what is to give the probabilities; the model's own head where nil.
    /// - Throws: `NeuralError` if the network cannot be planned.
    public init(
        _ model: Model, backend: any Backend, maximumChunk: Int? = nil, classifier: ClipClassifier? = nil
    ) throws {
        self.model = model
        self.classifier = classifier
        self.backend = backend
        let limit = try maximumChunk ?? FrameChunk.best(for: model.network, isTraining: false)
        chunk = FrameChunk.even(model.configuration.clip.frames, limit: limit)
        let (graph, features) = try model.network.frameGraph(count: chunk, isTraining: false)
        featureSize = graph.shape(features)[1]
        let size = model.configuration.clip.size
        let pictures = Tensor(zeros: TensorType([chunk, size, size, 3], .uint8))
        frameInputs = Dictionary(
            uniqueKeysWithValues: model.configuration.frameInputs.map { ($0.rawValue, pictures) })
        frameNetwork = try backend.compile(graph, outputs: [GraphOutput(features)])
    }

    /// - Parameters:
    ///   - frames: bytes `[clip, frame, height, width, 3]`, as the configuration's `clip` says.
    ///   - clips: how many clips they are.
    /// - Returns: a prediction for each clip.
    /// - Throws: `ModelError.input` if the bytes are not that many.
    public func predict(_ frames: [UInt8], clips: Int) throws -> [Prediction] {
        guard clips > 0 else { return [] }
        return try predict(features: features(frames, count: clips * model.configuration.clip.frames), clips: clips)
    }

    /// - Parameters:
    ///   - features: the vectors of all frames, `[clip, frame, feature]`, as `features(_:count:)` gives them.
    ///   - clips: how many clips they are.
    /// - Returns: a prediction for each clip.
    /// - Throws: `ModelError.input` if the vectors are not that many.
    public func predict(features: [Float], clips: Int) throws -> [Prediction] {
        guard clips > 0 else { return [] }
        try check(features, clips: clips)
        let frames = frameCount
        let outputs = try clipNetwork(clips).run(
            ["features": Self.timeMajor(features, frames: frames, clips: clips)], parameters: model.parameters,
            gradients: nil)
        let (embeddings, logits) = (outputs[0].floats, outputs[1].floats)
        let (width, outputCount) = (embeddings.count / clips, logits.count / clips)
        return try (0..<clips).map { clip in
            let embedding = Array(embeddings[clip * width..<(clip + 1) * width])
            let outputs = logits[clip * outputCount..<(clip + 1) * outputCount]
            let probabilities: [Float]
            if let classifier {
                let own = Array(features[clip * frames * featureSize..<(clip + 1) * frames * featureSize])
                let kind = classifier.description.features
                probabilities = try classifier.classifier.probabilities(
                    kind == .embedding ? embedding : kind.vector(own, frames: frames))
            } else {
                probabilities = model.configuration.head.probabilities(
                    logits: outputs, temperature: model.temperature ?? 1)
            }
            return Prediction(embedding: embedding, logits: Array(outputs), probabilities: probabilities)
        }
    }

    /// - Throws: `ModelError.input` if `features` are not the vectors of the frames of so many clips.
    func check(_ features: [Float], clips: Int) throws {
        let count = clips * frameCount
        guard features.count == count * featureSize else {
            throw ModelError(
                .input,
                "the vectors of \(count) frames are \(count * featureSize) numbers, not \(features.count)")
        }
    }

    /// The vectors of `count` frames, `[frame, feature]`, one after the other.
    ///
    /// - Parameters:
    ///   - frames: bytes `[frame, height, width, 3]`; those of whole clips, one after the other, where the
    ///     network is shown motion.
    ///   - kept: the frames whose vectors are wanted, by their places among these; all where nil.
    /// - Throws: `ModelError.input` if the bytes are not those of that many frames.
    public func features(_ frames: [UInt8], count: Int, of kept: [Int]? = nil) throws -> [Float] {
        let size = model.configuration.clip.size
        let frameBytes = size * size * 3
        guard count > 0, frames.count == count * frameBytes else {
            throw ModelError(
                .input, "\(count) frames of \(size)x\(size) are \(count * frameBytes) bytes, not \(frames.count)")
        }
        let kept = kept ?? Array(0..<count)
        guard kept.allSatisfy((0..<count).contains) else {
            throw ModelError(.input, "a frame is wanted that is none of the \(count)")
        }
        let inputs = FrameInputs(frames, configuration: model.configuration)
        var features: [Float] = []
        features.reserveCapacity(kept.count * featureSize)
        for start in stride(from: 0, to: kept.count, by: chunk) {
            let part = min(chunk, kept.count - start)
            // Where fewer are left than the network takes, those of the chunk before fill it up.
            inputs.write(kept[start..<start + part], to: &frameInputs)
            try frameNetwork.run(frameInputs, parameters: model.parameters, gradients: nil, into: &frameResults)
            features.append(contentsOf: frameResults[0].floats.prefix(part * featureSize))
        }
        return features
    }

    /// `[clip, frame, feature]` as `[frame, clip, feature]`.
    package static func timeMajor(_ features: [Float], frames: Int, clips: Int) throws -> Tensor {
        let size = features.count / max(frames * clips, 1)
        var ordered: [Float] = []
        ordered.reserveCapacity(features.count)
        for frame in 0..<frames {
            for clip in 0..<clips {
                let start = (clip * frames + frame) * size
                ordered.append(contentsOf: features[start..<start + size])
            }
        }
        return try Tensor([frames, clips, size], ordered)
    }

    private func clipNetwork(_ clips: Int) throws -> any Executable {
        if let known = clipNetworks[clips] { return known }
        var clip = try model.network.clipGraph(clips: clips, isTraining: false)
        let embedding = try clip.graph.normalizeLength(clip.embedding)
        let network = try backend.compile(clip.graph, outputs: [GraphOutput(embedding), GraphOutput(clip.logits)])
        clipNetworks[clips] = network
        return network
    }
}
