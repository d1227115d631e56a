import Datasets
import Retrieval
import Testing

@Suite struct LabellingTests {
    /// Six videos of three kinds, with segments that are near their kind's axis; the last two kinds' segments mixed in one.
    private func catalogue(_ folder: TemporaryFolder) throws -> Catalogue {
        var random = SeededRandom(seed: 4)
        return try Collection.catalogue(
            (0..<6).map { video in (0..<12).map { _ in Collection.near(video % 3, &random) } }, in: folder)
    }

    private func segments(_ catalogue: Catalogue, video: Int) throws -> [Int64] {
        let id = try #require(try catalogue.video(at: "/videos/\(video).mp4")).id
        return try catalogue.segments(of: id).map(\.id)
    }

    @Test func labelsSpreadToWhatIsAlike() throws {
        let folder = try TemporaryFolder()
        let catalogue = try catalogue(folder)
        for (video, name) in [(0, "a"), (3, "a"), (1, "b"), (4, "b")] {
            for segment in try segments(catalogue, video: video).prefix(2) {
                try catalogue.label(segment, .init(name: name, isGiven: true, probability: 1))
            }
        }
        let tagger = try Tagger(catalogue)
        #expect(tagger.names == ["a", "b"] && tagger.counts == [4, 4])
        #expect(tagger.accuracy == 1)
        let spread = try tagger.spread(over: catalogue, above: 0.6)
        // 20 more of each kind; one or the other may be too far off.
        #expect(spread.allSatisfy { (18...20).contains($0) }, "\(spread)")
        for (video, name) in [(0, "a"), (3, "a"), (1, "b"), (4, "b")] {
            for segment in try segments(catalogue, video: video) {
                #expect(try catalogue.labels(of: segment).allSatisfy { $0.name == name })
            }
        }
        // The third kind is like neither.
        for segment in try segments(catalogue, video: 2) { #expect(try catalogue.labels(of: segment).isEmpty) }
        // Spreading again takes the place of what was spread.
        #expect(try Tagger(catalogue).spread(over: catalogue, above: 0.6) == spread)
        #expect(try catalogue.labelCounts().map(\.derived) == spread)
    }

    @Test func oneLabelIsToldFromTheRest() throws {
        let folder = try TemporaryFolder()
        let catalogue = try catalogue(folder)
        for segment in try segments(catalogue, video: 0).prefix(4) {
            try catalogue.label(segment, .init(name: "a", isGiven: true, probability: 1))
        }
        let tagger = try Tagger(catalogue)
        #expect(tagger.accuracy == nil)
        let known = try catalogue.segments(try segments(catalogue, video: 3) + segments(catalogue, video: 1))
        for (number, found) in known {
            let likely = try tagger.probabilities(found.segment.vector)[0]
            #expect((likely > 0.5) == (try segments(catalogue, video: 3).contains(number)), "\(likely)")
        }
    }

    @Test func withoutLabels() throws {
        let folder = try TemporaryFolder()
        let catalogue = try catalogue(folder)
        #expect { try Tagger(catalogue) } throws: { "\($0)".contains("sora tag give") }
        let first = try catalogue.mostDifferent(count: 3)
        let known = try catalogue.segments(first)
        // One of each kind.
        #expect(Set(first.compactMap { known[$0].map { ($0.video - 1) % 3 } }).count == 3)
    }

    @Test func whatIsAskedForIsInDoubt() throws {
        let folder = try TemporaryFolder()
        var random = SeededRandom(seed: 5)
        // In the last video one segment lies between the two kinds.
        var between = [Float](repeating: 0, count: 16)
        (between[0], between[1]) = (1, 1)
        let catalogue = try Collection.catalogue(
            [
                (0..<8).map { _ in Collection.near(0, &random) }, (0..<8).map { _ in Collection.near(1, &random) },
                (0..<12).map { _ in Collection.near(0, &random) } + [between]
                    + (0..<12).map { _ in Collection.near(1, &random) },
            ], in: folder)
        for (video, name) in [(0, "a"), (1, "b")] {
            for segment in try segments(catalogue, video: video) {
                try catalogue.label(segment, .init(name: name, isGiven: true, probability: 1))
            }
        }
        #expect(try Tagger(catalogue).mostUseful(in: catalogue, count: 1) == [try segments(catalogue, video: 2)[12]])
    }

    @Test func clustersAreTheKinds() throws {
        let folder = try TemporaryFolder()
        let catalogue = try catalogue(folder)
        let clusters = try catalogue.clusters()
        #expect(clusters.map(\.segments.count) == [24, 24, 24])
        for cluster in clusters {
            let known = try catalogue.segments(cluster.segments)
            #expect(Set(known.values.map { ($0.video - 1) % 3 }).count == 1)
            #expect(cluster.cohesion > 0.8 && cluster.cohesion <= 1)
        }
        #expect(try catalogue.clusters(count: 2).count == 2)
        #expect(try catalogue.clusters(seed: 9).map(\.segments) == catalogue.clusters(seed: 9).map(\.segments))
        #expect(throws: RetrievalError.self) { try catalogue.clusters(count: 73) }
    }

    @Test func recommendations() throws {
        let folder = try TemporaryFolder()
        let catalogue = try catalogue(folder)
        let search = try MomentSearch(SearchIndex(opening: folder.path))
        let (a, b) = (try segments(catalogue, video: 0)[0], try segments(catalogue, video: 1)[0])
        let like = try search.moments(for: Taste(more: [a]), count: 10)
        #expect(like.count == 10 && like.allSatisfy { ($0.video.id - 1) % 3 == 0 && $0.segment != a })
        let unlike = try search.moments(for: Taste(more: [a], less: [b]), count: 60)
        #expect((unlike.last.map { ($0.video.id - 1) % 3 }) == 1)
        let diverse = try search.moments(for: Taste(more: [a, b], diversity: 0.9), count: 6)
        #expect(Set(diverse.map { ($0.video.id - 1) % 3 }).count == 3)
        #expect(throws: RetrievalError.self) { try search.moments(for: Taste(more: []), count: 3) }
        #expect(throws: RetrievalError.self) { try search.moments(for: Taste(more: [9999]), count: 3) }
    }
}
