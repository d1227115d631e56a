public import Media

/// A part of a video that is like a query.
public struct Moment: Sendable {
    /// The video.
    public var video: IndexedVideo
    /// Start, in seconds from its first frame.
    public var start: Double
    /// End, in seconds from its first frame.
    public var end: Double
    /// The cosine of the most alike segments, or the mean likeness of the aligned frames: -1...1.
    public var score: Double
    /// The frames that go with the query's, where the moment was aligned.
    public var alignment: Alignment?
}

/// Finds where something like a query occurs in a collection.
public struct MomentSearch {
    private let index: SearchIndex

    public init(_ index: SearchIndex) { self.index = index }

    /// - Parameters:
    ///   - query: what to look for, as the index's own model sees it.
    ///   - count: how many moments at most.
    ///   - accepts: whether a video may be among them.
    /// - Returns: the most alike first; of one video parts that do not overlap.
    /// - Throws: `RetrievalError`.
    public func moments(
        like query: AnalyzedVideo, count: Int, accepts: (IndexedVideo) -> Bool = { _ in true }
    ) throws -> [Moment] {
        let hits = try index.search(query.segments.flatMap(\.vector), k: max(64, 4 * count)).flatMap(\.self)
        let known = try index.catalogue.segments(Array(Set(hits.map(\.number))))
        // The videos whose segments are most like the query's, by their best.
        var best: [Int64: Float] = [:]
        for hit in hits {
            guard let video = known[hit.number]?.video else { continue }
            best[video] = max(best[video] ?? -1, hit.score)
        }
        var moments: [Moment] = []
        for (id, _) in best.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(max(32, 2 * count)) {
            guard let video = try index.catalogue.video(id), accepts(video) else { continue }
            moments += try aligned(query, video)
            moments += segments(hits.filter { known[$0.number]?.video == id }, known, video)
        }
        return Self.apart(moments, count: count)
    }

    /// Parts of a video that go on as the query does.
    private func aligned(_ query: AnalyzedVideo, _ video: IndexedVideo) throws -> [Moment] {
        guard query.trace.count > 1, let trace = try index.catalogue.trace(of: video.id), trace.count > 1,
            trace.dimensions == query.trace.dimensions
        else { return [] }
        let likenesses = query.trace.cosines(with: trace)
        let found = Aligner().alignments(
            likenesses, queries: query.trace.count, others: trace.count, shortest: max(4, query.trace.count / 8))
        return found.map { alignment in
            let (first, last) = (alignment.otherRange.lowerBound, alignment.otherRange.upperBound)
            let end = last + 1 < trace.count ? trace.times[last + 1] : trace.times[last] + 1 / trace.rate
            return Moment(
                video: video, start: trace.times[first], end: end, score: alignment.likeness, alignment: alignment)
        }
    }

    private func segments(
        _ hits: [Neighbour], _ known: [Int64: (segment: Segment, video: Int64)], _ video: IndexedVideo
    ) -> [Moment] {
        hits.compactMap { hit in
            known[hit.number].map {
                Moment(
                    video: video, start: $0.segment.start.seconds, end: $0.segment.end.seconds, score: Double(hit.score))
            }
        }
    }

    /// The best, without those that overlap a better one for a half or more.
    private static func apart(_ moments: [Moment], count: Int) -> [Moment] {
        var kept: [Moment] = []
        // Aligned ones first: they say where it begins and ends.
        let ranked = moments.sorted { a, b in
            ((a.alignment == nil ? 0 : 1), a.score) > ((b.alignment == nil ? 0 : 1), b.score)
        }
        for moment in ranked where kept.count < count {
            let isKnown = kept.contains { other in
                let common = min(other.end, moment.end) - max(other.start, moment.start)
                return other.video.id == moment.video.id && common > (moment.end - moment.start) / 2
            }
            if !isKnown { kept.append(moment) }
        }
        return kept
    }
}
