import Foundation
import Media
import Retrieval
import SoraModel
import Testing

/// Finding parts of videos among others, with a network of weights by chance.
@Suite(.serialized) struct MomentTests {
    /// Six videos of two scenes each, and an index of them.
    private struct Indexed {
        let folder: TemporaryFolder
        let index: SearchIndex
        let analyzer: VideoAnalyzer

        init() throws {
            folder = try TemporaryFolder()
            let videos = folder.file("videos")
            try FileManager.default.createDirectory(atPath: videos, withIntermediateDirectories: true)
            for number in 0..<6 {
                try Collection.video("\(videos)/\(number).mp4", seeds: [UInt64(10 + number), UInt64(30 + number)])
            }
            let model = try Collection.model()
            index = try Collection.index((0..<6).map { "\(videos)/\($0).mp4" }, in: TemporaryFolder(), model)
            analyzer = try Collection.analyzer(model)
        }
    }

    @Test func aPartIsFoundWhereItIs() throws {
        let indexed = try Indexed()
        let search = try MomentSearch(indexed.index)
        for number in 0..<6 {
            let query = try indexed.analyzer.analyze(
                indexed.folder.file("videos/\(number).mp4"), for: .query, start: MediaTime(seconds: 2),
                end: MediaTime(seconds: 5.5))
            let best = try #require(try search.moments(like: query, count: 3).first)
            #expect(best.video.path.hasSuffix("/\(number).mp4"))
            #expect(abs(best.start - 2) <= 0.5 && abs(best.end - 5.5) <= 0.5, "\(best.start) to \(best.end)")
            #expect(best.alignment?.speed == 1)
            let pairs = try #require(best.pairs)
            #expect(pairs.allSatisfy { abs($0.other - $0.query - 2) <= 0.5 })
        }
    }

    @Test func editedCopiesAreFound() throws {
        let indexed = try Indexed()
        let search = try MomentSearch(indexed.index)
        let copy = indexed.folder.file("copy.mp4")
        let edits: [(name: String, change: (inout [UInt8]) -> Void)] = [
            ("darker", { bytes in for place in bytes.indices { bytes[place] = UInt8(Double(bytes[place]) * 0.7) } }),
            (
                "mirrored",
                { bytes in
                    let old = bytes
                    for row in 0..<72 {
                        for column in 0..<96 {
                            for channel in 0..<3 {
                                bytes[(row * 96 + column) * 3 + channel] = old[(row * 96 + 95 - column) * 3 + channel]
                            }
                        }
                    }
                }
            ),
            (
                "marked",
                { bytes in
                    for row in 4..<20 {
                        for column in 4..<24 { for channel in 0..<3 { bytes[(row * 96 + column) * 3 + channel] = 255 } }
                    }
                }
            ),
            (
                "cropped",
                { bytes in
                    // The upper left 69 by 52 pixels, to the size that the whole had.
                    let old = bytes
                    for row in 0..<72 {
                        for column in 0..<96 {
                            for channel in 0..<3 {
                                bytes[(row * 96 + column) * 3 + channel] =
                                    old[(row * 52 / 72 * 96 + column * 69 / 96) * 3 + channel]
                            }
                        }
                    }
                }
            ),
            (
                "between bars",
                { bytes in
                    for place in bytes.indices where !(10..<62).contains(place / (96 * 3)) { bytes[place] = 0 }
                }
            ),
        ]
        for (name, change) in edits {
            try Collection.video(copy, seeds: [13, 33], change: change)
            let best = try #require(
                try search.moments(like: indexed.analyzer.analyze(copy, for: .query), count: 3).first)
            #expect(best.video.path.hasSuffix("/3.mp4"), "\(name)")
        }
        // At half the speed.
        try Collection.video(copy, seeds: [12, 32], rate: 5)
        let slow = try #require(try search.moments(like: indexed.analyzer.analyze(copy, for: .query), count: 3).first)
        #expect(slow.video.path.hasSuffix("/2.mp4"))
        #expect(abs((slow.alignment?.speed ?? 0) - 0.5) < 0.1, "\(slow)")
    }

    @Test func aPictureIsFound() throws {
        let indexed = try Indexed()
        let frames = try VideoReader(path: indexed.folder.file("videos/4.mp4")).read(
            FrameRequest(sampling: .times([MediaTime(seconds: 6)])))
        let picture = indexed.folder.file("still.png")
        try frames.writePNG(to: picture)
        let query = try indexed.analyzer.analyze(picture: picture, for: .query)
        let best = try #require(try MomentSearch(indexed.index).moments(like: query, count: 3).first)
        #expect(best.video.path.hasSuffix("/4.mp4") && best.start <= 6.5 && best.end >= 5.5)
        // All that one frame can say is that it is nearer than anything else; how much its surroundings change is no matter.
        #expect(best.score > 1)
    }

    /// What is black, or of one colour, is like nothing, not like all else that is black; and it is said why.
    @Test func whatShowsNothingFindsNothing() throws {
        let indexed = try Indexed()
        let (picture, film) = (indexed.folder.file("black.png"), indexed.folder.file("black.mp4"))
        let black = Frames(
            height: 72, width: 96, bytes: [UInt8](repeating: 16, count: 72 * 96 * 3),
            times: [MediaTime(value: 0, timescale: 1)])
        try black.writePNG(to: picture)
        try Collection.video(film, seeds: [1]) { bytes in for place in bytes.indices { bytes[place] = 16 } }
        for query in [
            try indexed.analyzer.analyze(picture: picture, for: .query),
            try indexed.analyzer.analyze(film, for: .query),
        ] {
            #expect(try MomentSearch(indexed.index).moments(like: query, count: 3).isEmpty)
            #expect(query.warnings.count == 1)
        }
        let shown = try indexed.analyzer.analyze(indexed.folder.file("videos/0.mp4"), for: .query)
        #expect(shown.warnings.isEmpty)
    }

    @Test func partsOfWhatIsKnown() throws {
        let indexed = try Indexed()
        let whole = try indexed.analyzer.analyze(indexed.folder.file("videos/0.mp4"), for: .query)
        let part = try #require(whole.part(from: 2, to: 5))
        #expect(part.trace.count == 12 && part.trace.times.first == 0)
        #expect(part.segments.count < whole.segments.count && !part.segments.isEmpty)
        #expect(whole.part(from: 100, to: 110) == nil)
        let best = try #require(try MomentSearch(indexed.index).moments(like: part, count: 3).first)
        #expect(best.video.path.hasSuffix("/0.mp4") && abs(best.start - 2) <= 0.5 && abs(best.end - 5) <= 0.5)
    }

    @Test func filtersAreKept() throws {
        let indexed = try Indexed()
        let search = try MomentSearch(indexed.index)
        let query = try indexed.analyzer.analyze(indexed.folder.file("videos/1.mp4"), for: .query)
        var filter = MomentFilter()
        filter.path = "/2.MP4"
        #expect(
            try search.moments(like: query, count: 10, filter: filter).allSatisfy { $0.video.path.hasSuffix("/2.mp4") })
        filter = MomentFilter()
        filter.shortest = 100
        #expect(try search.moments(like: query, count: 10, filter: filter).isEmpty)
        filter = MomentFilter()
        filter.without = try #require(try indexed.index.catalogue.videos().first { $0.path.hasSuffix("/1.mp4") }).id
        #expect(
            try search.moments(like: query, count: 10, filter: filter).allSatisfy { !$0.video.path.hasSuffix("/1.mp4") }
        )
        filter = MomentFilter()
        filter.label = "goal"
        #expect(try search.moments(like: query, count: 10, filter: filter).isEmpty)
        let segment = try indexed.index.catalogue.segmentNumbers()[0]
        try indexed.index.catalogue.label(segment, .init(name: "goal", isGiven: true, probability: 1))
        #expect(try search.moments(like: query, count: 10, filter: filter).allSatisfy { $0.segment == segment })
    }

    /// Two of three are copies, one of them smaller and mirrored: one group, and what differs.
    @Test func duplicates() throws {
        let folder = try TemporaryFolder()
        try Collection.video(folder.file("a.mp4"), seeds: [10, 30, 50])
        try Collection.video(folder.file("b.mp4"), seeds: [10, 30, 50], width: 64, height: 48)
        for number in 0..<5 {
            try Collection.video(folder.file("c\(number).mp4"), seeds: [UInt64(70 + number), UInt64(90 + number)])
        }
        let own = try TemporaryFolder()
        let index = try Collection.index(
            ["a", "b", "c0", "c1", "c2", "c3", "c4"].map { folder.file($0 + ".mp4") }, in: own, Collection.model())
        let groups = try DuplicateSearch(index).groups(probability: 0.5, coverage: 0.5)
        #expect(groups.count == 1)
        let group = try #require(groups.first)
        #expect(group.videos.map { $0.path.split(separator: "/").last } == ["a.mp4", "b.mp4"])
        let comparison = try #require(group.comparisons.first)
        #expect(comparison.differences().contains("64x48 for 96x72"))
        #expect(abs(comparison.speed - 1) < 0.2 && comparison.isWithKept)
    }

    @Test func unchangedFilesArePassedOver() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (folder.file("a.mp4"), folder.file("b.mp4"))
        try Collection.video(a, seeds: [1], framesEach: 20)
        try Collection.video(b, seeds: [2], framesEach: 20)
        let model = try Collection.model()
        let own = try TemporaryFolder()
        let index = try Collection.index([a, b], in: own, model)
        let indexer = try Indexer(index.catalogue, Collection.analyzer(model), fingerprint: model.fingerprint)
        func outcomes(_ paths: [String]) throws -> [String] {
            var words: [String] = []
            try indexer.add(paths) { _, outcome in
                switch outcome {
                case .indexed: words.append("indexed")
                case .unchanged: words.append("unchanged")
                case .moved: words.append("moved")
                case .failed: words.append("failed")
                }
                return true
            }
            return words
        }
        #expect(try outcomes([a, b]) == ["unchanged", "unchanged"])
        try Collection.video(a, seeds: [3], framesEach: 20)
        #expect(try outcomes([a, b]) == ["indexed", "unchanged"])
        try FileManager.default.moveItem(atPath: b, toPath: folder.file("c.mp4"))
        #expect(try outcomes([folder.file("c.mp4")]) == ["moved"])
        try Data("no video".utf8).write(to: URL(fileURLWithPath: folder.file("d.mp4")))
        #expect(try outcomes([folder.file("d.mp4"), folder.file("missing.mp4")]) == ["failed", "failed"])
        #expect(try index.catalogue.videoCount() == 2)
        try FileManager.default.removeItem(atPath: a)
        #expect(try Indexer.removeMissing(from: index.catalogue, below: [folder.path]).count == 1)
        #expect(try index.catalogue.videoCount() == 1)
        #expect(throws: RetrievalError.self) {
            try Indexer(index.catalogue, Collection.analyzer(model), fingerprint: "another")
        }
    }
}
