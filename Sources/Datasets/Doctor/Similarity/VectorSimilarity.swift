/// Similarity by vectors of a model: the cosine of the angle between two.
///
/// A model that was trained to tell a few classes apart may put all clips of one side by side; then only the order of
/// the pairs says something, and the threshold is to be chosen by looking at them.
public struct VectorSimilarity: ClipSimilarity {
    /// Whose vectors they are.
    public let name: String
    /// The least cosine of two copies.
    public let duplicateThreshold: Double
    private let vectors: [[Float]?]

    /// - Parameters:
    ///   - vectors: of length 1, in the manifest's order; nil for a clip without one.
    ///   - name: whose vectors they are.
    public init(_ vectors: [[Float]?], name: String, duplicateThreshold: Double = 0.99) {
        self.vectors = vectors
        self.name = name
        self.duplicateThreshold = duplicateThreshold
    }

    /// The 64 nearest of each clip, down to a cosine of 0.5. See `NeighbourSearch` for the cost.
    public func candidates() -> [ClipMatch] {
        NeighbourSearch(vectors).pairs(over: 0.5, most: 64).map {
            ClipMatch(
                first: $0.first, second: $0.second, similarity: Double($0.product), scene: Double($0.product))
        }
    }

    /// Nothing closer to look at.
    public func examine(_ match: ClipMatch) -> ClipMatch { match }
}
