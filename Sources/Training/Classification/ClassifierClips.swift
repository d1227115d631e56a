public import Classifiers

/// Clips with their vectors, ready for classifiers.
public struct ClassifierClips: Sendable {
    /// The clips.
    public var clips: [ClipVectors.Clip]
    /// Names of the classes.
    public var labels: [String]
    /// Whether rare classes count as much as frequent ones.
    public var isBalanced: Bool

    /// Which views of clips are used.
    public enum Views: Sendable, Hashable {
        /// All of them: to fit to.
        case all
        /// The clip as it is.
        case first
    }

    public init(_ clips: [ClipVectors.Clip], labels: [String], isBalanced: Bool = false) {
        self.clips = clips
        self.labels = labels
        self.isBalanced = isBalanced
    }

    /// How many numbers a vector has.
    public var featureCount: Int { clips.first?.vectors.first?.count ?? 0 }

    /// The vectors of clips by their positions in the manifest; of all where nil.
    /// - Throws: `ClassifierError.data` if there are none, or a number is not one.
    public func vectors(of items: Set<Int>? = nil, views: Views) throws -> LabelledVectors {
        let chosen = clips.filter { items?.contains($0.item) ?? true }
        let rows = chosen.flatMap { clip in
            clip.vectors.prefix(views == .all ? clip.vectors.count : 1).map { (label: clip.label, vector: $0) }
        }
        return try LabelledVectors(
            rows.flatMap(\.vector), labels: rows.map(\.label), featureCount: featureCount, classCount: labels.count,
            isBalanced: isBalanced)
    }
}
