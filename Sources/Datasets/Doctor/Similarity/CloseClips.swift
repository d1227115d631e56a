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
    /// - Parameter threshold: the measure's own where nil.
    public init(_ similarity: some ClipSimilarity, threshold: Double? = nil) {
        measure = similarity.name
        self.threshold = threshold ?? similarity.duplicateThreshold
        let candidates = similarity.candidates()
        let results = Mutex<[ClipMatch]>([])
        let block = 256
        DispatchQueue.concurrentPerform(iterations: (candidates.count + block - 1) / block) { number in
            let part = candidates[number * block..<min(candidates.count, (number + 1) * block)]
            let mine = part.map { similarity.examine($0) }
            results.withLock { $0 += mine }
        }
        // Of a pair found in several symmetries, the most alike one; if none makes them copies, as they are.
        let least = self.threshold
        func rank(_ match: ClipMatch) -> (Double, Int) {
            (match.similarity >= least ? match.similarity : 0, -match.symmetry.rawValue)
        }
        var best: [[Int]: ClipMatch] = [:]
        for match in results.withLock({ $0 }) {
            let pair = [match.first, match.second]
            if let other = best[pair], rank(other) >= rank(match) { continue }
            best[pair] = match
        }
        examined = best.values.sorted {
            ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second)
        }
    }

    /// Pairs that are near-duplicates.
    public var duplicates: [ClipMatch] { Array(examined.prefix { $0.similarity >= threshold }) }
}
