/// What was liked and what was not.
public struct Taste: Sendable, Hashable {
    /// Segments to find more like; one at least.
    public var more: [Int64]
    /// Segments to find less like.
    public var less: [Int64]
    /// How much being unlike the others counts for what is recommended, 0...1; 0 ranks by likeness alone.
    public var diversity: Double

    public init(more: [Int64], less: [Int64] = [], diversity: Double = 0) {
        self.more = more
        self.less = less
        self.diversity = diversity
    }
}

extension MomentSearch {
    /// Segments for a taste: near to the mean of what was liked and far from the mean of what was not (Rocchio 1971), one
    /// after the other so that each is also unlike those before it (maximal marginal relevance; Carbonell and Goldstein
    /// 1998).
    ///
    /// - Parameters:
    ///   - count: how many at most. What was rated is not among them.
    ///   - filter: which may be among them.
    /// - Returns: in the order to show them; their score is their cosine with the taste, less 1.
    /// - Throws: `RetrievalError.request` if nothing was liked, or a segment is not there.
    public func moments(
        for taste: Taste, count: Int, filter: MomentFilter = MomentFilter()
    ) throws -> [Moment] {
        guard !taste.more.isEmpty else {
            throw RetrievalError(.request, "a recommendation needs a segment at least to find more like")
        }
        let rated = Set(taste.more + taste.less)
        let known = try index.catalogue.segments(Array(rated))
        for number in rated where known[number] == nil {
            throw RetrievalError(
                .request, "there is no segment \(number) in the index; 'sora search --json' shows their numbers")
        }
        let size = index.catalogue.settings.dimensions
        func mean(_ numbers: [Int64]) -> [Float] {
            var sum = [Float](repeating: 0, count: size)
            for number in numbers {
                for (place, value) in (known[number]?.segment.vector ?? []).enumerated() { sum[place] += value }
            }
            return sum.map { $0 / Float(max(numbers.count, 1)) }
        }
        let wanted = FrameRows.unit(zip(mean(taste.more), mean(taste.less)).map { $0 - 0.5 * $1 })
        let hits = try index.search(wanted, k: max(256, 8 * count) + rated.count)[0].filter {
            !rated.contains($0.number)
        }
        let allowed = try filter.segments(of: index.catalogue)
        let found = try index.catalogue.segments(hits.map(\.number)).filter { allowed?.contains($0.key) ?? true }
        var videos: [Int64: IndexedVideo] = [:]
        for id in Set(found.values.map(\.video)) {
            if let video = try index.catalogue.video(id), filter.accepts(video) { videos[id] = video }
        }
        var open = hits.compactMap { hit in
            found[hit.number].flatMap { known in
                videos[known.video].map { (hit: hit, segment: known.segment, video: $0) }
            }
        }
        var moments: [Moment] = []
        // Of each that is open, the largest cosine with one that was chosen.
        var nearest = [Float](repeating: -1, count: open.count)
        let weight = Float(min(max(taste.diversity, 0), 1))
        while moments.count < count, !open.isEmpty {
            let values = open.indices.map { (1 - weight) * open[$0].hit.score - weight * max(nearest[$0], 0) }
            let place = values.indices.max { values[$0] < values[$1] } ?? 0
            let chosen = open.remove(at: place)
            nearest.remove(at: place)
            let moment = Moment(
                SegmentPlace(chosen.segment, of: chosen.video.id), of: chosen.video, score: Double(chosen.hit.score) - 1
            )
            // Windows of a shot overlap: the same seconds are not recommended twice.
            if moments.allSatisfy({ !$0.overlaps(moment) }) { moments.append(moment) }
            for other in open.indices {
                let cosine = zip(open[other].segment.vector, chosen.segment.vector).reduce(Float(0)) {
                    $0 + $1.0 * $1.1
                }
                nearest[other] = max(nearest[other], cosine)
            }
        }
        return moments
    }
}

extension Moment {
    /// Whether it shares half of its time, or more, with another one.
    func overlaps(_ other: Moment) -> Bool {
        let common = min(other.end, end) - max(other.start, start)
        return other.video.id == video.id && common > (end - start) / 2
    }
}
