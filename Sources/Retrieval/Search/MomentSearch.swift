internal import Foundation
public import Media

/// A part of a video that is like a query.
public struct Moment: Sendable {
    /// The video.
    public var video: IndexedVideo
    /// The segment that it is, or most of which it covers.
    public var segment: Int64
    /// Start, in seconds from its first frame.
    public var start: Double
    /// End, in seconds from its first frame.
    public var end: Double
    /// How far above what unrelated videos reach: the sum over the aligned frames of `Alignment.Pair.likeness`; of segments that are
    /// alike without going on alike, their cosine less 1, and so below 0.
    public var score: Double
    /// The frames that go with the query's, where the moment was aligned.
    public var alignment: Alignment?
    /// When they are shown, in seconds from the query's first frame and from the video's.
    public var pairs: [(query: Double, other: Double)]?

    /// How likely it is the same footage: of the copies and of the unrelated pairs of docs/retrieval.md, so many with this
    /// score were copies.
    public var probability: Double {
        guard score > 0 else { return 0 }
        return 1 / (1 + exp(-(Self.slope * log(1 + score) + Self.intercept)))
    }

    /// Of the logistic curve over the score's logarithm.
    private static let (slope, intercept) = (4.05, -7.06)
}

/// Finds where something like a query occurs in a collection.
public struct MomentSearch {
    let index: SearchIndex
    private let background: Background

    /// - Throws: `RetrievalError` if the catalogue cannot be read.
    public init(_ index: SearchIndex) throws {
        self.index = index
        background = try Background(of: index.catalogue)
    }

    /// - Parameters:
    ///   - query: what to look for, as the index's own model sees it.
    ///   - count: how many moments at most.
    ///   - filter: which may be among them.
    /// - Returns: the most alike first; of one video parts that do not overlap.
    /// - Throws: `RetrievalError`.
    public func moments(
        like query: AnalyzedVideo, count: Int, filter: MomentFilter = MomentFilter()
    ) throws -> [Moment] {
        let allowed = try filter.segments(of: index.catalogue)
        let hits = try index.search(query.segments.flatMap(\.vector), k: max(64, 4 * count)).flatMap(\.self)
        let known = try index.catalogue.segments(Array(Set(hits.map(\.number))))
        // The videos whose segments are most like the query's, by their best.
        var best: [Int64: Float] = [:]
        for hit in hits {
            guard let video = known[hit.number]?.video else { continue }
            best[video] = max(best[video] ?? -1, hit.score)
        }
        let rows = FrameRows(query.trace, background.whitening)
        let scale = background.scale(of: rows)
        var moments: [Moment] = []
        for (id, _) in best.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(max(32, 2 * count)) {
            guard let video = try index.catalogue.video(id), filter.accepts(video) else { continue }
            moments += try aligned(rows, query.trace.times, scale, video)
            moments += segments(hits.filter { known[$0.number]?.video == id }, known, video)
        }
        return Self.apart(moments, allowed, count: count)
    }

    /// Segments that look like one of the index, its own video left out.
    /// - Throws: `RetrievalError.request` if there is no such segment.
    public func moments(likeSegment number: Int64, count: Int, filter: MomentFilter = MomentFilter()) throws -> [Moment]
    {
        let allowed = try filter.segments(of: index.catalogue)
        guard let (segment, own) = try index.catalogue.segments([number])[number] else {
            throw RetrievalError(
                .request, "there is no segment \(number) in the index; 'sora search --json' shows their numbers")
        }
        let hits = try index.search(segment.vector, k: max(64, 4 * count))[0]
        let known = try index.catalogue.segments(hits.map(\.number)).filter { $0.value.video != own }
        var moments: [Moment] = []
        for id in Set(known.values.map(\.video)) {
            guard let video = try index.catalogue.video(id), filter.accepts(video) else { continue }
            moments += segments(hits.filter { known[$0.number]?.video == id }, known, video)
        }
        return Self.apart(moments, allowed, count: count)
    }

    /// Segments with a label, the surest first.
    public func moments(labelled label: String, count: Int, filter: MomentFilter = MomentFilter()) throws -> [Moment] {
        let allowed = try filter.segments(of: index.catalogue)
        var moments: [Moment] = []
        for (segment, id, probability) in try index.catalogue.segments(labelled: label) where moments.count < count {
            guard allowed?.contains(segment.id) ?? true, let video = try index.catalogue.video(id),
                filter.accepts(video)
            else { continue }
            moments.append(Moment(segment, of: video, score: probability - 1))
        }
        return moments
    }

    /// Parts of a video that go on as the query does.
    private func aligned(
        _ query: FrameRows, _ times: [Double], _ scale: Background.Scale, _ video: IndexedVideo
    ) throws -> [Moment] {
        guard query.count > 0, let trace = try index.catalogue.trace(of: video.id), trace.count > 0 else { return [] }
        let other = FrameRows(trace, background.whitening)
        var likenesses = query.cosines(with: other)
        guard likenesses.count == query.count * trace.count else { return [] }
        for frame in 0..<query.count {
            for place in frame * trace.count..<(frame + 1) * trace.count {
                likenesses[place] = scale.likeness(likenesses[place], ofFrame: frame)
            }
        }
        let found = Aligner().alignments(
            likenesses, query.novelties, other.novelties, shortest: max(1, min(4, query.count / 2)))
        guard !found.isEmpty else { return [] }
        let segments = try index.catalogue.segments(of: video.id)
        return found.map { alignment in
            let (first, last) = (alignment.otherRange.lowerBound, alignment.otherRange.upperBound)
            let end = last + 1 < trace.count ? trace.times[last + 1] : trace.times[last] + 1 / trace.rate
            let start = trace.times[first]
            let segment = segments.max { $0.common(start, end) < $1.common(start, end) }
            return Moment(
                video: video, segment: segment?.id ?? 0, start: start, end: end, score: alignment.score,
                alignment: alignment,
                pairs: alignment.pairs.map { (times[$0.query], trace.times[$0.other]) })
        }
    }

    private func segments(
        _ hits: [Neighbour], _ known: [Int64: (segment: Segment, video: Int64)], _ video: IndexedVideo
    ) -> [Moment] {
        hits.compactMap { hit in
            known[hit.number].map { Moment($0.segment, of: video, score: Double(hit.score) - 1) }
        }
    }

    /// The best, without those that overlap a better one for a half or more.
    private static func apart(_ moments: [Moment], _ allowed: Set<Int64>?, count: Int) -> [Moment] {
        var kept: [Moment] = []
        let ranked = moments.filter { allowed?.contains($0.segment) ?? true }.sorted { $0.score > $1.score }
        for moment in ranked where kept.count < count {
            if !kept.contains(where: moment.overlaps) { kept.append(moment) }
        }
        return kept
    }
}

extension Moment {
    /// A segment as it is.
    init(_ segment: Segment, of video: IndexedVideo, score: Double) {
        self.init(
            video: video, segment: segment.id, start: segment.start.seconds, end: segment.end.seconds, score: score)
    }
}

extension Segment {
    /// Seconds that it has in common with a part of its video.
    func common(_ start: Double, _ end: Double) -> Double {
        max(0, min(self.end.seconds, end) - max(self.start.seconds, start))
    }
}
