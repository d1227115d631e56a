/// Something about a dataset that makes training on it fail, or its figures lie: what, in which clips, and what to do.
public struct Problem: Sendable, Hashable {
    /// How grave it is.
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
        /// Clips cannot be used, or accuracies would lie.
        case error
        /// Something to look at before training.
        case warning
        /// Something to know.
        case note
    }

    /// What it is.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case missing, unreadable, copyAcrossSplit, copyAcrossClasses, groupAcrossSplit, oneClass, damaged, black,
            frozen,
            short, giveaway, fewClips, imbalance, copy, partlyBlack, partlyFrozen, variableRate, oddSize, oddRate,
            oddDuration, sound, notVideos
    }

    /// One clip that has it.
    public struct Place: Sendable, Hashable {
        /// Position in the manifest; nil for a file that is not there.
        public var clip: Int?
        /// The file.
        public var path: String
        /// What about this one.
        public var detail: String
    }

    /// Two clips that have it together.
    public struct Pair: Sendable, Hashable {
        /// The clips, and how alike they are.
        public var match: ClipMatch
        /// What about these: "the same file", "the same frames", "0.97, mirrored".
        public var detail: String
    }

    /// What it is.
    public var kind: Kind
    /// How grave it is.
    public var severity: Severity
    /// What it is, with how many, in a clause: "3 clips are black".
    public var title: String
    /// What it does, and what to do about it.
    public var advice: String
    /// The clips that have it.
    public var places: [Place]
    /// The pairs that have it.
    public var pairs: [Pair]

    /// Enough of the pairs to join all clips that are copies of one another, the most alike first: of a family of four,
    /// three pairs rather than six.
    public var leadingPairs: [Pair] {
        guard let last = pairs.map(\.match.second).max() else { return [] }
        var families = Families(count: last + 1)
        return pairs.filter { pair in
            let isNew = families.head(pair.match.first) != families.head(pair.match.second)
            families.join(pair.match.first, pair.match.second)
            return isNew
        }
    }

    init(
        _ kind: Kind, _ severity: Severity, _ title: String, advice: String, places: [Place] = [], pairs: [Pair] = []
    ) {
        self.kind = kind
        self.severity = severity
        self.title = title
        self.advice = advice
        self.places = places
        self.pairs = pairs
    }
}
