internal import Foundation
internal import Media

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
    private static let (slope, intercept) = (3.12, -3.92)
}

/// Finds where something like a query occurs in a collection.
public struct MomentSearch {
    let index: SearchIndex
    private let background: Background
    private let known = KnownVideos(room: 128 << 20)

    /// - Throws: `RetrievalError` if the catalogue cannot be read.
    public init(_ index: SearchIndex) throws {
        self.index = index
        background = try Background(of: index.catalogue)
    }

    /// - Parameters:
    ///   - query: what to look for, as the index's own model sees it.
    ///   - count: how many moments at most.
    ///   - filter: which may be among them.
    /// - Returns: the most alike first; of one video parts that do not overlap. None for a query that shows nothing.
    /// - Throws: `RetrievalError`.
    public func moments(
        like query: AnalyzedVideo, count: Int, filter: MomentFilter = MomentFilter()
    ) throws -> [Moment] {
        guard !query.trace.showsNothing else { return [] }
        let allowed = try filter.segments(of: index.catalogue)
        let isStill = query.trace.count == 1
        let asked = query.segments.flatMap { isStill ? Self.looks(of: $0.vector) : $0.vector }
        let hits = try index.search(asked, k: max(64, 4 * count)).flatMap(\.self)
        let places = try index.catalogue.places(of: Set(hits.map(\.number)))
        let near = Dictionary(grouping: hits.compactMap { hit in places[hit.number].map { (hit: hit, place: $0) } }) {
            $0.place.video
        }
        // The videos whose segments are most like the query's, by their best.
        let best = near.mapValues { $0.reduce(Float(-1)) { max($0, $1.hit.score) } }
        var looks = Query(query.trace, background)
        var moments: [Moment] = []
        let likeliest = best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(max(32, 2 * count)).map(\.key)
        let videos = try index.catalogue.videos(likeliest)
        for id in likeliest {
            guard let video = videos[id], filter.accepts(video) else { continue }
            moments += try aligned(&looks, video)
            moments += (near[id] ?? []).map { Moment($0.place, of: video, score: Double($0.hit.score) - 1) }
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
        let places = try index.catalogue.places(of: Set(hits.map(\.number)))
        let videos = try index.catalogue.videos(Set(places.values.map(\.video)))
        var moments: [Moment] = []
        for hit in hits {
            guard let place = places[hit.number], place.video != own, let video = videos[place.video],
                filter.accepts(video)
            else { continue }
            moments.append(Moment(place, of: video, score: Double(hit.score) - 1))
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
            moments.append(Moment(SegmentPlace(segment, of: id), of: video, score: probability - 1))
        }
        return moments
    }

    /// Parts of a video that go on as the query does: all of its picture as all of the query's, or a part of one as all of the
    /// other.
    private func aligned(_ query: inout Query, _ video: IndexedVideo) throws -> [Moment] {
        let known = try known.video(video.id) { try KnownVideo(video.id, in: index.catalogue, background.whitening) }
        guard query.rows.count > 0, let known else { return [] }
        let aligner = Aligner()
        // Of the parts only the pair that promises most, for the others are about the same.
        let part = query.mostPromising(with: known.rows, threshold: aligner.threshold)
        let shortest = max(1, min(4, query.rows.count / 2))
        var found: [Alignment] = []
        for pairing in [TraceRows.Pairing.wholes, part].compactMap(\.self) {
            guard let match = query.match(pairing, with: known.rows) else { continue }
            let share = pairing.isOfParts ? Self.partShare : 1
            // The one frame of a still is told once, whatever happens around it in the other video.
            let others = query.rows.count > 1 ? match.novelties.other : match.novelties.other.map { $0.map { _ in 1 } }
            found += aligner.alignments(match.likenesses, match.novelties.query, others, shortest: shortest)
                .map { Alignment(pairs: $0.pairs, speed: $0.speed, score: $0.score * share) }
        }
        return found.map { alignment in
            let (first, last) = (alignment.otherRange.lowerBound, alignment.otherRange.upperBound)
            let end = last + 1 < known.times.count ? known.times[last + 1] : known.times[last] + 1 / known.rate
            let start = known.times[first]
            let segment = known.segments.max { $0.common(start, end) < $1.common(start, end) }
            return Moment(
                video: video, segment: segment?.id ?? 0, start: start, end: end, score: alignment.score,
                alignment: alignment,
                pairs: alignment.pairs.map { (query.times[$0.query], known.times[$0.other]) })
        }
    }

    /// Of a segment's vector the half that knows how it looks, so large that its product with another segment's vector is the
    /// cosine of their looks: of a single frame nothing is known of what happens.
    private static func looks(of vector: [Float]) -> [Float] {
        vector.indices.map { $0 < vector.count / 2 ? 0 : 2 * vector[$0] }
    }

    /// What an alignment of parts counts: there are more of them to be mistaken for one.
    private static let partShare = 0.9

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
    init(_ segment: SegmentPlace, of video: IndexedVideo, score: Double) {
        self.init(video: video, segment: segment.id, start: segment.start, end: segment.end, score: score)
    }
}
