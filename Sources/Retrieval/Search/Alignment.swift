/// A part of one video that goes on as a part of another does: which, from when to when, at what speed.
public struct Alignment: Sendable, Hashable {
    /// A frame of the query and the frame of the other video that goes with it, by their places in the traces.
    public struct Pair: Sendable, Hashable {
        /// The place of the query's frame.
        public var query: Int
        /// The place of the other video's.
        public var other: Int
        /// How much more alike they are than unrelated frames: the logarithm of how many times nearer they are, by the square
        /// of their distance.
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
    /// Frames that are less alike, which is as far from each other as the nearest unrelated ones, speak against a line.
    package var threshold: Float = 0
    /// What a pair of frames counts at least that are like those before them: a scene in which nothing moves is one piece of
    /// evidence, not hundreds.
    package var leastWeight: Float = 0.3
    /// What a line counts whose speed is not 1: few copies have another, and there are more such lines to be mistaken for one.
    package var otherSpeeds: Float = 0.7
    /// Seconds of the other video for a second of the query.
    package var speeds = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2]
    /// How many to find at most.
    package var most = 3

    package init() {}

    /// - Parameters:
    ///   - likenesses: `[query, other]`.
    ///   - queries: how much each frame of the query differs from the one before it, 0...1; nil where it shows nothing, which
    ///     speaks neither for a line nor against it.
    ///   - others: the same of the other video.
    ///   - shortest: the fewest pairs of a line.
    /// - Returns: the best first; none overlaps a better one in the other video.
    /// - Cost: queries * others * speeds.
    package func alignments(_ likenesses: [Float], _ queries: [Float?], _ others: [Float?], shortest: Int)
        -> [Alignment]
    {
        guard !queries.isEmpty, !others.isEmpty, likenesses.count == queries.count * others.count else { return [] }
        var evidence = likenesses
        for (row, own) in queries.enumerated() {
            for (column, other) in others.enumerated() {
                let place = row * others.count + column
                guard let own, let other else {
                    evidence[place] = 0
                    continue
                }
                evidence[place] = (likenesses[place] - threshold) * max(leastWeight, (own + other) / 2)
            }
        }
        var open = [Bool](repeating: true, count: others.count)
        var found: [Alignment] = []
        while found.count < most, let line = best(evidence, queries.count, others.count, open) {
            let pairs = (line.from...line.to).map { query in
                let other = line.offset + Int((Double(query) * line.speed).rounded())
                return Alignment.Pair(query: query, other: other, likeness: likenesses[query * others.count + other])
            }
            guard pairs.count >= min(shortest, queries.count) else { break }
            let alignment = Alignment(pairs: pairs, speed: line.speed, score: Double(line.score))
            for place in alignment.otherRange { open[place] = false }
            found.append(alignment)
        }
        return found
    }

    private struct Line {
        var score: Float = 0
        var speed = 1.0
        var offset = 0
        var (from, to) = (0, -1)
    }

    private func best(_ evidence: [Float], _ queries: Int, _ others: Int, _ open: [Bool]) -> Line? {
        var best = Line()
        for speed in speeds {
            let steps = (0..<queries).map { Int((Double($0) * speed).rounded()) }
            let share = speed == 1 ? 1 : otherSpeeds
            for offset in -(steps.last ?? 0)..<others {
                // The part of the line with the largest sum (Kadane 1984).
                var (sum, from): (Float, Int) = (0, 0)
                for query in 0..<queries {
                    let other = offset + steps[query]
                    guard other >= 0, other < others, open[other] else {
                        (sum, from) = (0, query + 1)
                        continue
                    }
                    sum += evidence[query * others + other]
                    if sum <= 0 {
                        (sum, from) = (0, query + 1)
                    } else if sum * share > best.score {
                        best = Line(score: sum * share, speed: speed, offset: offset, from: from, to: query)
                    }
                }
            }
        }
        return best.to >= best.from && best.score > 0 ? best : nil
    }
}
