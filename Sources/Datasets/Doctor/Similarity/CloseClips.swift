internal import Dispatch
internal import Synchronization

/// The pairs of a dataset's clips that are alike: copies of one another, and scenes in common.
public struct CloseClips: Sendable {
    /// By which measure.
    public let measure: String
    /// From which similarity on two clips are copies.
    public let threshold: Double
    /// All pairs that were looked at closely, the most alike first.
    public let examined: [ClipMatch]

    /// Looks at all pairs.
    /// - Parameters:
    ///   - threshold: the measure's own where nil.
    ///   - observe: told how many of how many pairs that are alike were looked at again.
    public init(
        _ similarity: some ClipSimilarity, threshold: Double? = nil,
        observe: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) {
        measure = similarity.name
        self.threshold = threshold ?? similarity.duplicateThreshold
        let found = Self.map(similarity.candidates(), block: 256) { similarity.examine($0) }
        // Of a pair found in several symmetries, the most alike one; if none makes them copies, as they are.
        let least = self.threshold
        func rank(_ match: ClipMatch) -> (Double, Int) {
            (match.similarity >= least ? match.similarity : 0, -match.symmetry.rawValue)
        }
        var best: [[Int]: ClipMatch] = [:]
        for match in found {
            let pair = [match.first, match.second]
            if let other = best[pair], rank(other) >= rank(match) { continue }
            best[pair] = match
        }
        let alike = Self.sorted(Array(best.values))
        examined = Self.sorted(Self.confirmed(alike, from: least, by: similarity, observe))
    }

    /// Has pairs that are alike enough looked at again, the most alike first. Those that others have joined to a family by
    /// then are of the same footage.
    private static func confirmed(
        _ matches: [ClipMatch], from threshold: Double, by similarity: some ClipSimilarity,
        _ observe: (_ done: Int, _ of: Int) -> Void
    ) -> [ClipMatch] {
        var matches = matches
        var families = Families(count: (matches.map(\.second).max() ?? -1) + 1)
        let alike = matches.prefix { $0.similarity >= threshold }.count
        for start in stride(from: 0, to: alike, by: 64) {
            let open = (start..<min(start + 64, alike)).filter {
                families.head(matches[$0].first) != families.head(matches[$0].second)
            }
            let confirmed = map(open.map { matches[$0] }, block: 4) { similarity.confirm($0) }
            for (place, match) in zip(open, confirmed) {
                matches[place] = match
                if match.similarity >= threshold { families.join(match.first, match.second) }
            }
            observe(min(start + 64, alike), alike)
        }
        return matches
    }

    /// The most alike first.
    private static func sorted(_ matches: [ClipMatch]) -> [ClipMatch] {
        matches.sorted { ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second) }
    }

    /// What a function gives for each of some pairs, on all cores, so many pairs at a time.
    private static func map(
        _ matches: [ClipMatch], block: Int, _ change: @Sendable (ClipMatch) -> ClipMatch
    ) -> [ClipMatch] {
        let results = Mutex<[Int: [ClipMatch]]>([:])
        DispatchQueue.concurrentPerform(iterations: (matches.count + block - 1) / block) { number in
            let mine = matches[number * block..<min(matches.count, (number + 1) * block)].map(change)
            results.withLock { $0[number] = mine }
        }
        return results.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// Pairs that are near-duplicates.
    public var duplicates: [ClipMatch] { Array(examined.prefix { $0.similarity >= threshold }) }
}
