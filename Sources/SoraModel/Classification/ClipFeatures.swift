import Neural

/// Which vector of a clip a classifier looks at.
public enum ClipFeatures: String, Sendable, Hashable, Codable, CaseIterable {
    /// The model's embedding, of length 1.
    case embedding
    /// Of each number of the frames' vectors its mean over time, its deviation, and by how much it changes from one
    /// frame to the next on average: nothing in it is learnt from clips.
    case pooled

    /// How many numbers the vector has.
    /// - Throws: `NeuralError.shape` if the network cannot be built.
    public func count(_ network: SoraNetwork) throws -> Int {
        switch self {
        case .embedding: network.configuration.embeddingSize ?? network.configuration.temporal.outputSize
        case .pooled: 3 * (try network.featureSize())
        }
    }

    /// Names of the vector's numbers, for people: `mean 0`, `deviation 0`, `change 0`.
    public func names(count: Int) -> [String] {
        switch self {
        case .embedding: (0..<count).map { "number \($0)" }
        case .pooled:
            ["mean", "deviation", "change"].flatMap { part in (0..<count / 3).map { "\(part) \($0)" } }
        }
    }

    /// The means, deviations and changes over time of the vectors of a clip's frames.
    /// - Parameter features: `[frame, feature]`
    static func pooled(_ features: [Float], frames: Int) -> [Float] {
        let size = features.count / max(frames, 1)
        var (sums, squares, changes) = (
            [Double](repeating: 0, count: size), [Double](repeating: 0, count: size),
            [Double](repeating: 0, count: size)
        )
        for frame in 0..<frames {
            for place in 0..<size {
                let value = Double(features[frame * size + place])
                sums[place] += value
                if frame > 0 { changes[place] += abs(value - Double(features[(frame - 1) * size + place])) }
            }
        }
        let means = sums.map { $0 / Double(frames) }
        for frame in 0..<frames {
            for place in 0..<size {
                let distance = Double(features[frame * size + place]) - means[place]
                squares[place] += distance * distance
            }
        }
        let deviations = squares.map { ($0 / Double(frames)).squareRoot() }
        return (means + deviations + changes.map { $0 / Double(max(frames - 1, 1)) }).map(Float.init)
    }
}

extension Predictor {
    /// The vector of a clip that a classifier looks at.
    /// - Parameter features: the vectors of the clip's frames, `[frame, feature]`, as `features(_:count:)` gives them.
    /// - Throws: `ModelError.input` if they are not those of one clip.
    public func vector(_ kind: ClipFeatures, features: [Float]) throws -> [Float] {
        switch kind {
        case .embedding:
            guard let prediction = try predict(features: features, clips: 1).first else { return [] }
            return prediction.embedding
        case .pooled:
            try check(features, clips: 1)
            return ClipFeatures.pooled(features, frames: frameCount)
        }
    }
}
