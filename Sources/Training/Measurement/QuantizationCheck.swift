public import Neural
public import SoraModel

/// How near a model's results in int8 are to those in floats.
public struct QuantizationCheck {
    /// Clips compared.
    public private(set) var clips = 0
    /// The smallest cosine of a clip's two embeddings; 1 before the first.
    public private(set) var leastCosine = 1.0
    /// For how many clips the likeliest label is the same.
    public private(set) var sameLabel = 0
    private var cosineSum = 0.0
    private let bytes: Predictor
    private let floats: Predictor

    /// - Parameters:
    ///   - model: one with a `quantization`.
    ///   - backend: what computes it in floats.
    /// - Throws: `NeuralError` if the network cannot be planned.
    public init(_ model: Model, backend: OneDNNBackend) throws {
        floats = try Predictor(model, backend: backend)
        bytes = try Predictor(
            model,
            backend: OneDNNBackend(precision: .int8, choice: backend.choice, quantization: model.quantization))
    }

    /// Mean cosine of the clips' two embeddings; 1 before the first.
    public var meanCosine: Double { clips == 0 ? 1 : cosineSum / Double(clips) }

    /// Compares both on a clip.
    /// - Parameter frames: bytes `[frame, height, width, 3]`, as the configuration's `clip` says.
    /// - Throws: `ModelError.input` if the bytes are not those of one clip.
    public mutating func add(_ frames: [UInt8]) throws {
        let (a, b) = (try bytes.predict(frames, clips: 1)[0], try floats.predict(frames, clips: 1)[0])
        let cosine = a.cosine(to: b)
        clips += 1
        cosineSum += cosine
        leastCosine = min(leastCosine, cosine)
        if a.ranking.first == b.ranking.first { sameLabel += 1 }
    }
}

extension QuantizationCheck: Encodable {
    private enum CodingKeys: CodingKey { case clips, meanCosine, leastCosine, sameLabel }

    /// Writes the clips, the cosines and the count of equal labels.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(clips, forKey: .clips)
        try container.encode(meanCosine, forKey: .meanCosine)
        try container.encode(leastCosine, forKey: .leastCosine)
        try container.encode(sameLabel, forKey: .sameLabel)
    }
}
