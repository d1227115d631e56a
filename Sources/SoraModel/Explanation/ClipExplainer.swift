public import Neural

/// Says which frames of a clip, and which places in them, a model goes by.
///
/// Places: Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks via gradient-based
/// localization") of the label's logit at the last feature map of each frame. Frames: the logit's gradient by each frame's
/// vector times that vector. Both say what the result would follow in small steps, which is not all that it depends on.
///
/// Not for use from two threads at once.
public final class ClipExplainer {
    private let model: Model
    private let predictor: Predictor
    private let clipPlan: any Executable
    private let framePlan: any Executable
    private let chunk: Int
    private let featureSize: Int
    private let mapSize: (height: Int, width: Int)

    /// - Parameter maximumChunk: the most frames to have in the network at a time; chosen as `Predictor` does where nil.
    /// - Throws: `NeuralError` if the network cannot be planned.
    public init(_ model: Model, backend: any Backend, maximumChunk: Int? = nil) throws {
        self.model = model
        predictor = try Predictor(model, backend: backend, maximumChunk: maximumChunk)
        chunk = predictor.chunk
        featureSize = try model.network.featureSize()
        var clip = try model.network.clipGraph(clips: 1, isTraining: false)
        let direction = try clip.graph.input("direction", clip.graph.type(clip.logits))
        let gradient = try clip.graph.gradients(of: [(clip.logits, direction)], withRespectTo: [clip.features])[0]
        clipPlan = try backend.compile(clip.graph, outputs: [GraphOutput(gradient)])
        let (graph, maps) = try model.network.activationGraph(count: chunk)
        mapSize = (graph.shape(maps)[1], graph.shape(maps)[2])
        framePlan = try backend.compile(graph, outputs: [GraphOutput(maps)])
    }

    /// - Parameters:
    ///   - frames: bytes `[frame, height, width, 3]` of one clip, as the configuration's `clip` says.
    ///   - label: the label that is asked for, by number.
    /// - Throws: `ModelError.input` if the bytes are not that many, or there is no such label.
    public func explain(_ frames: [UInt8], label: Int) throws -> ClipExplanation {
        let format = model.configuration.clip
        guard model.configuration.labels.indices.contains(label) else {
            throw ModelError(.input, "there is no label \(label) among \(model.configuration.labels.count)")
        }
        let features = try predictor.features(frames, count: format.frames)
        let gradients = try clipPlan.run(
            ["features": Tensor([format.frames, 1, featureSize], features), "direction": direction(to: label)],
            parameters: model.parameters, gradients: nil)[0].floats
        let shares = (0..<format.frames).map { frame -> Double in
            let places = frame * featureSize..<(frame + 1) * featureSize
            return places.reduce(0.0) { sum, place -> Double in
                sum + Double(features[place]) * Double(gradients[place])
            }
        }
        let size = shares.reduce(0.0) { $0 + abs($1) }
        let maps = try maps(frames, gradients)
        let peak = maps.max() ?? 0
        return ClipExplanation(
            label: label, frames: shares.map { size > 0 ? $0 / size : 0 }, height: mapSize.height,
            width: mapSize.width, maps: maps.map { peak > 0 ? $0 / peak : 0 })
    }

    /// What the label's logit is, as a weight for each output: a binary head's one output speaks for the second label.
    private func direction(to label: Int) throws -> Tensor {
        let head = model.configuration.head
        let outputs = head.outputs(labels: model.configuration.labels.count)
        var weights = [Float](repeating: 0, count: outputs)
        if head.kind == .binary { weights[0] = label == 1 ? 1 : -1 } else { weights[label] = 1 }
        return try Tensor([1, outputs], weights)
    }

    /// `[frame, height, width]`, a chunk of frames at a time; the last chunk is filled up with frames before it.
    private func maps(_ frames: [UInt8], _ gradients: [Float]) throws -> [Float] {
        let format = model.configuration.clip
        let inputs = FrameInputs(frames, configuration: model.configuration)
        let area = mapSize.height * mapSize.width
        var maps: [Float] = []
        for start in stride(from: 0, to: format.frames, by: chunk) {
            let first = max(0, min(start, format.frames - chunk))
            let range = first..<first + chunk
            var tensors = try inputs.tensors(range)
            tensors["gradient"] = try Tensor(
                [chunk, featureSize],
                Array(gradients[range.lowerBound * featureSize..<range.upperBound * featureSize]))
            let found = try framePlan.run(tensors, parameters: model.parameters, gradients: nil)[0].floats
            maps.append(contentsOf: found[(start - first) * area..<chunk * area])
        }
        return maps
    }
}
