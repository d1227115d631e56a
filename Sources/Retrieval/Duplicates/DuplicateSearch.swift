/// Two videos that share footage.
public struct Copy: Sendable {
    /// The one with the smaller number.
    public var first: IndexedVideo
    /// The other one.
    public var second: IndexedVideo
    /// Where the shared footage lies in each, in seconds from its first frame.
    public var firstRange: ClosedRange<Double>
    /// The same in the second.
    public var secondRange: ClosedRange<Double>
    /// Seconds of the second in a second of the first.
    public var speed: Double
    /// How likely it is the same footage.
    public var probability: Double
    /// Times of frames that go together.
    public var pairs: [(first: Double, second: Double)]

    /// The share of the shorter one that is shared.
    public var coverage: Double {
        func share(_ range: ClosedRange<Double>, _ video: IndexedVideo) -> Double {
            video.duration > 0 ? min(1, (range.upperBound - range.lowerBound) / video.duration) : 0
        }
        return first.duration < second.duration ? share(firstRange, first) : share(secondRange, second)
    }
}

/// Videos of which each shares footage with another one.
public struct DuplicateGroup: Sendable {
    /// The one to keep first: with the most pixels, then the longest, then the largest file.
    public var videos: [IndexedVideo]
    /// What each shares with another, the surest first.
    public var copies: [Copy]
}

/// Finds copies in a collection. Nothing is ever deleted.
public struct DuplicateSearch {
    private let index: SearchIndex
    private let search: MomentSearch

    public init(_ index: SearchIndex) throws {
        self.index = index
        search = try MomentSearch(index)
    }

    /// - Parameters:
    ///   - probability: from which on two videos share footage.
    ///   - coverage: the share of the shorter one that has to be shared.
    ///   - observe: told of each video that was looked for.
    /// - Returns: the largest groups first.
    /// - Cost: a search of each video.
    public func groups(
        probability: Double, coverage: Double, observe: (IndexedVideo) throws -> Void = { _ in }
    ) throws -> [DuplicateGroup] {
        let videos = try index.catalogue.videos()
        var copies: [Copy] = []
        for video in videos {
            guard let query = try AnalyzedVideo(video, in: index.catalogue) else { continue }
            var others = MomentFilter()
            others.without = video.id
            let found = try search.moments(like: query, count: 64, filter: others)
            for moment in found where moment.probability >= probability {
                guard let copy = Copy(video, moment), copy.coverage >= coverage else { continue }
                copies.append(copy)
            }
            try observe(video)
        }
        // The same bytes need not be looked at.
        for same in Dictionary(grouping: videos, by: \.stamp.content).values where same.count > 1 {
            for other in same.dropFirst() { copies.append(Copy(same[0], sameAs: other)) }
        }
        return Self.groups(videos, copies)
    }

    private static func groups(_ videos: [IndexedVideo], _ copies: [Copy]) -> [DuplicateGroup] {
        // Of two videos the surest of what they share counts, whichever was looked for.
        var best: [[Int64]: Copy] = [:]
        for copy in copies {
            let key = [copy.first.id, copy.second.id]
            if (best[key]?.probability ?? -1) < copy.probability { best[key] = copy }
        }
        // The smallest number of each group stands for it.
        var leader = Dictionary(uniqueKeysWithValues: videos.map { ($0.id, $0.id) })
        func root(_ id: Int64) -> Int64 {
            var id = id
            while let next = leader[id], next != id { id = next }
            return id
        }
        for key in best.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let (a, b) = (root(key[0]), root(key[1]))
            if a != b { leader[max(a, b)] = min(a, b) }
        }
        let members = Dictionary(grouping: videos) { root($0.id) }.filter { $0.value.count > 1 }
        return members.map { number, videos in
            DuplicateGroup(
                videos: videos.sorted { $0.quality != $1.quality ? $0.quality > $1.quality : $0.id < $1.id },
                copies: best.values.filter { root($0.first.id) == number }.sorted {
                    ($0.probability, $1.first.id, $1.second.id) > ($1.probability, $0.first.id, $0.second.id)
                })
        }.sorted { ($0.videos.count, $1.videos[0].id) > ($1.videos.count, $0.videos[0].id) }
    }
}

extension Copy {
    /// Of two files with the same bytes.
    fileprivate init(_ first: IndexedVideo, sameAs second: IndexedVideo) {
        let whole = 0...max(0, first.duration)
        self.init(
            first: first, second: second, firstRange: whole, secondRange: whole, speed: 1, probability: 1,
            pairs: [(0, 0)])
    }

    /// What a search for `video` found; nil where it was not aligned.
    fileprivate init?(_ video: IndexedVideo, _ moment: Moment) {
        guard let alignment = moment.alignment, let pairs = moment.pairs, let begin = pairs.first, let end = pairs.last
        else {
            return nil
        }
        let own = begin.query...max(begin.query, end.query)
        let other = moment.start...max(moment.start, moment.end)
        // The query's last frame lasts as long as the other's does.
        let step = (moment.end - end.other) / max(alignment.speed, 1e-6)
        let whole = own.lowerBound...own.upperBound + max(0, step)
        if video.id < moment.video.id {
            self.init(
                first: video, second: moment.video, firstRange: whole, secondRange: other, speed: alignment.speed,
                probability: moment.probability, pairs: pairs.map { ($0.query, $0.other) })
        } else {
            self.init(
                first: moment.video, second: video, firstRange: other, secondRange: whole, speed: 1 / alignment.speed,
                probability: moment.probability, pairs: pairs.map { ($0.other, $0.query) })
        }
    }
}

extension IndexedVideo {
    /// What makes one of several copies the one to keep.
    fileprivate var quality: Quality { Quality(pixels: width * height, duration: duration, bytes: stamp.size) }

    fileprivate struct Quality: Comparable {
        var pixels: Int
        var duration: Double
        var bytes: Int64

        static func < (a: Quality, b: Quality) -> Bool {
            (a.pixels, a.duration, a.bytes) < (b.pixels, b.duration, b.bytes)
        }
    }
}
