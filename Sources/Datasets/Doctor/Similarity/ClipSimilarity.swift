/// How alike the clips of a dataset are, by some measure: what near-duplicates and scenes are found by.
///
/// The built-in measure is `SignatureSimilarity`; vectors of a model are another (`VectorSimilarity`).
public protocol ClipSimilarity: Sendable {
    /// What it goes by, for people: "pictures of 8x8 and how they change".
    var name: String { get }
    /// From which value on two clips are taken for copies of one, where nobody says otherwise.
    var duplicateThreshold: Double { get }
    /// Pairs that may be alike, each with the smaller position first: at least those whose similarity is over
    /// `duplicateThreshold`, but for the limits that the measure states.
    func candidates() -> [ClipMatch]
    /// Looks closely at a candidate: how alike its two clips are, 0...1.
    func examine(_ match: ClipMatch) -> ClipMatch
    /// Looks again at two clips that are alike enough to be copies, by more than the measure itself goes by.
    /// - Returns: the match, less alike if they are none.
    func confirm(_ match: ClipMatch) -> ClipMatch
}

extension ClipSimilarity {
    /// Nothing further to go by.
    public func confirm(_ match: ClipMatch) -> ClipMatch { match }
}

/// Two clips, and how alike they are.
public struct ClipMatch: Sendable, Hashable, Codable {
    /// How one picture must be turned to be the other.
    public enum Symmetry: Int, Sendable, Hashable, Codable, CaseIterable {
        case same, mirrored, flipped, turned
    }

    /// Position in the manifest, the smaller one.
    public var first: Int
    /// Position in the manifest, the larger one.
    public var second: Int
    /// How likely it is that they show the same footage, 0...1.
    public var similarity: Double
    /// How alike their scenes are, whatever happens in them: -1...1.
    public var scene: Double
    /// How one must be turned to be like the other.
    public var symmetry = Symmetry.same
    /// How many seconds later the second shows the same.
    public var shift = 0.0

    public init(first: Int, second: Int, similarity: Double, scene: Double, symmetry: Symmetry = .same) {
        self.first = first
        self.second = second
        self.similarity = similarity
        self.scene = scene
        self.symmetry = symmetry
    }
}
