import Neural

/// Which vector of a clip a classifier looks at.
public enum ClipFeatures: String, Sendable, Hashable, Codable, CaseIterable {
    /// The model's embedding, of length 1.
    case embedding
    /// Of each number of the frames' vectors its mean over time, its deviation, and by how much it changes from one
    /// frame to the next on average: nothing in it is learnt from clips.
    case pooled
    /// The same without the mean, which is mostly how the scene looks, and with the course instead: how far the mean of
    /// each quarter of the clip lies from that of all.
    case motion

    /// How many numbers the vector has.
    /// - Throws: `NeuralError.shape` if the network cannot be built.
    public func count(_ network: SoraNetwork) throws -> Int {
        switch self {
        case .embedding: network.configuration.embeddingSize ?? network.configuration.temporal.outputSize
        case .pooled, .motion: parts.count * (try network.featureSize())
        }
    }

    /// Names of the vector's numbers, for people: `mean 0`, `deviation 0`, `change 0`.
    public func names(count: Int) -> [String] {
        let parts = parts
        return parts.flatMap { part in (0..<count / parts.count).map { "\(part) \($0)" } }
    }

    /// What there is of each number of a frame's vector, or of the embedding.
    private var parts: [String] {
        switch self {
        case .embedding: ["number"]
        case .pooled: ["mean", "deviation", "change"]
        case .motion: (1...Self.quarters).map { "quarter \($0)" } + ["deviation", "change"]
        }
    }

    private static let quarters = 4

    /// The vector of a clip, but for an embedding.
    /// - Parameter features: the vectors of its frames, `[frame, feature]`.
    func vector(_ features: [Float], frames: Int) -> [Float] {
        let size = features.count / max(frames, 1)
        func mean(_ range: Range<Int>, _ value: (_ frame: Int, _ place: Int) -> Double) -> [Double] {
            var sums = [Double](repeating: 0, count: size)
            for frame in range { for place in 0..<size { sums[place] += value(frame, place) } }
            return sums.map { $0 / Double(max(range.count, 1)) }
        }
        func number(_ frame: Int, _ place: Int) -> Double { Double(features[frame * size + place]) }
        let means = mean(0..<frames, number)
        let variances = mean(0..<frames) { frame, place in
            let distance = number(frame, place) - means[place]
            return distance * distance
        }
        let changes = mean(min(1, frames)..<frames) { abs(number($0, $1) - number($0 - 1, $1)) }
        let course =
            self == .motion
            ? (0..<Self.quarters).flatMap { quarter in
                // Fewer frames than quarters belong to several.
                let first = quarter * frames / Self.quarters
                let end = max(first + 1, (quarter + 1) * frames / Self.quarters)
                return zip(mean(first..<min(end, frames), number), means).map { $0 - $1 }
            } : means
        return (course + variances.map { $0.squareRoot() } + changes).map(Float.init)
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
        case .pooled, .motion:
            try check(features, clips: 1)
            return kind.vector(features, frames: frameCount)
        }
    }
}
