public import Neural

/// Finds what a model's convolutions need to be computed of bytes, from sample clips.
///
/// Not for use from two threads at once.
public final class ModelCalibration {
    private let calibration: Calibration
    private let model: Model
    /// Frames in the network at a time: all of its images are kept.
    private let chunk: Int

    /// The most frames whose images are kept at a time.
    private static let limit = 4

    /// - Parameter backend: what computes the samples: floats.
    /// - Throws: `NeuralError.unsupported` if the model has no convolution; what `backend` throws.
    public init(_ model: Model, backend: any Backend) throws {
        self.model = model
        chunk = (1...Self.limit).last { model.configuration.clip.frames % $0 == 0 } ?? 1
        let (graph, features) = try model.network.frameGraph(count: chunk, isTraining: false)
        calibration = try Calibration(graph, outputs: [features], parameters: model.parameters, backend: backend)
    }

    /// Runs the frames' network on a clip, and counts the numbers that its images hold.
    /// - Parameter frames: bytes `[frame, height, width, 3]`, as the configuration's `clip` says.
    /// - Throws: `ModelError.input` if the bytes are not those of one clip.
    public func observe(_ frames: [UInt8]) throws {
        let clip = model.configuration.clip
        let frameBytes = clip.size * clip.size * 3
        guard frames.count == clip.frames * frameBytes else {
            throw ModelError(
                .input, "a clip of \(clip.frames) frames is \(clip.frames * frameBytes) bytes, not \(frames.count)")
        }
        for start in stride(from: 0, to: clip.frames, by: chunk) {
            let inputs = try FrameInputs(frames, configuration: model.configuration).tensors(start..<start + chunk)
            try calibration.observe(inputs)
        }
    }

    /// What was found: for the model's `quantization`.
    /// - Parameter share: see `Calibration.quantization(share:)`.
    /// - Throws: `NeuralError.binding` if nothing was observed.
    public func quantization(share: Double) throws -> Quantization {
        try calibration.quantization(share: share)
    }
}
