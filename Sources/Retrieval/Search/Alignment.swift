/// A part of one video that goes on as a part of another does: which, from when to when, at what speed.
public struct Alignment: Sendable, Hashable {
    /// A frame of the query and the frame of the other video that goes with it, by their places in the traces.
    public struct Pair: Sendable, Hashable {
        public var query: Int
        public var other: Int
        /// How much more alike they are than unrelated frames, in deviations of those.
        public var likeness: Float
    }

    /// The pairs, in order.
    public var pairs: [Pair]
    /// Seconds of the other video for a second of the query.
    public var speed: Double
    /// The sum of what the pairs are more alike than the threshold: the longer and the more alike, the larger.
    public var score: Double

    /// The mean likeness of the pairs.
    public var likeness: Double {
        pairs.reduce(0) { $0 + Double($1.likeness) } / Double(max(pairs.count, 1))
    }

    /// Places of the query's frames.
    public var queryRange: ClosedRange<Int> { (pairs.first?.query ?? 0)...(pairs.last?.query ?? 0) }
    /// Places of the other video's frames.
    public var otherRange: ClosedRange<Int> { (pairs.first?.other ?? 0)...(pairs.last?.other ?? 0) }
}

/// Finds alignments: straight lines through the likenesses of all frames of one video with all of another.
package struct Aligner {
    /// Frames that are less alike, in deviations of unrelated ones, speak against a line.
    package var threshold: Float = 2.5
    /// Seconds of the other video for a second of the query.
    package var speeds = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2]
    /// How many to find at most.
    package var most = 3

    package init() {}

    /// - Parameters:
    ///   - likenesses: `[query, other]`.
    ///   - shortest: the fewest pairs of a line.
    /// - Returns: the best first; none overlaps a better one in the other video.
    /// - Cost: queries * others * speeds.
    package func alignments(_ likenesses: [Float], queries: Int, others: Int, shortest: Int) -> [Alignment] {
        guard queries > 0, others > 0, likenesses.count == queries * others else { return [] }
        var open = [Bool](repeating: true, count: others)
        var found: [Alignment] = []
        while found.count < most, let best = best(likenesses, queries, others, open) {
            guard best.pairs.count >= min(shortest, queries), best.score > 0 else { break }
            for place in best.otherRange { open[place] = false }
            found.append(best)
        }
        return found
    }

    private func best(_ likenesses: [Float], _ queries: Int, _ others: Int, _ open: [Bool]) -> Alignment? {
        var best: (score: Float, speed: Double, offset: Int, from: Int, to: Int) = (0, 1, 0, 0, -1)
        for speed in speeds {
            let steps = (0..<queries).map { Int((Double($0) * speed).rounded()) }
            for offset in -(steps.last ?? 0)..<others {
                // The part of the line with the largest sum (Kadane 1984).
                var (sum, from): (Float, Int) = (0, 0)
                for query in 0..<queries {
                    let other = offset + steps[query]
                    guard other >= 0, other < others, open[other] else {
                        (sum, from) = (0, query + 1)
                        continue
                    }
                    sum += likenesses[query * others + other] - threshold
                    if sum <= 0 { (sum, from) = (0, query + 1) } else if sum > best.score {
                        best = (sum, speed, offset, from, query)
                    }
                }
            }
        }
        guard best.to >= best.from, best.score > 0 else { return nil }
        let pairs = (best.from...best.to).map { query in
            let other = best.offset + Int((Double(query) * best.speed).rounded())
            return Alignment.Pair(query: query, other: other, likeness: likenesses[query * others + other])
        }
        return Alignment(pairs: pairs, speed: best.speed, score: Double(best.score))
    }
}
