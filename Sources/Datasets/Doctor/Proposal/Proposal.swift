/// A manifest to train with: without the clips that cannot be used, in groups, and split.
public struct Proposal: Sendable {
    /// The clips that are left, with their groups and parts.
    public let manifest: Manifest
    /// Which clips must not be split apart, and how that is known.
    public let grouping: Grouping
    /// What was done about the split, in a sentence.
    public let splitReason: String
    /// Positions in the examined manifest of the clips that are left out because they cannot be used.
    public let unusable: [Int]
    /// Positions in the examined manifest of the clips that are left out because they are exact copies.
    public let copies: [Int]

    /// How the clips are split.
    public struct Shares: Sendable, Hashable {
        /// Share of the clips for validation.
        public var validation: Double
        /// Share of the clips for the test.
        public var test: Double
        /// Of the draw.
        public var seed: UInt64

        public init(validation: Double = 0.15, test: Double = 0.15, seed: UInt64 = 0) {
            self.validation = validation
            self.test = test
            self.seed = seed
        }
    }

    /// Proposes a manifest.
    ///
    /// A split that the manifest gives is kept where no group is on both sides of it. Otherwise the clips are split anew:
    /// whole groups only, with every class in about its share in each part.
    /// - Parameter basis: what groups are made by; what tells them best where nil.
    /// - Throws: `DatasetError` as `Grouping` and `Split`; `.empty` if no clip can be used.
    public init(
        of diagnosis: Diagnosis, by basis: Grouping.Basis? = nil, shares: Shares = Shares()
    ) throws(DatasetError) {
        let source = diagnosis.manifest
        grouping = try Grouping(of: diagnosis, by: basis)
        unusable = diagnosis.clips.indices.filter { diagnosis.clips[$0].facts == nil }
        copies = diagnosis.problems.flatMap(\.pairs).filter(\.isExact).filter {
            let (one, other) = (source.items[$0.match.first], source.items[$0.match.second])
            // A copy under another label is for a person to decide on.
            return one.labels == other.labels
        }.map(\.match.second)
        let left = Set(unusable + copies)
        var manifest = source
        var items: [Manifest.Item] = []
        for index in source.items.indices where !left.contains(index) {
            var item = source.items[index]
            item.group = grouping.groups[index]
            items.append(item)
        }
        guard !items.isEmpty else {
            throw DatasetError(
                .empty, path: source.source, "not one clip of it can be used", remedy: "See what is wrong with each.")
        }
        manifest.items = items
        manifest.missing = []
        (self.manifest, splitReason) = try Self.split(manifest, shares)
    }

    private static func split(_ manifest: Manifest, _ shares: Shares) throws(DatasetError) -> (Manifest, String) {
        var result = manifest
        let given = manifest.items.compactMap(\.part)
        var torn: Set<String> = []
        var parts: [String: Split.Part] = [:]
        for item in manifest.items {
            guard let group = item.group, let part = item.part else { continue }
            if let other = parts[group], other != part { torn.insert(group) }
            parts[group] = part
        }
        if given.count == manifest.items.count, torn.isEmpty {
            return (result, "The split that the data comes with is kept: no group is on both sides of it.")
        }
        for index in result.items.indices { result.items[index].part = nil }
        let split = try Split(of: result, validation: shares.validation, test: shares.test, seed: shares.seed)
        for part in Split.Part.allCases { for index in split[part] { result.items[index].part = part } }
        let why =
            given.isEmpty
            ? ""
            : torn.isEmpty
                ? " The split that the data comes with is not given for all clips."
                : " The split that the data comes with has \(torn.count == 1 ? "1 group" : "\(torn.count) groups") on both sides."
        return (result, "Split anew, whole groups only, each class in about its share in each part.\(why)")
    }
}
