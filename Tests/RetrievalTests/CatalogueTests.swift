import Datasets
import Foundation
import Media
import Retrieval
import Testing

@Suite struct CatalogueTests {
    private func three(_ folder: TemporaryFolder) throws -> Catalogue {
        var random = SeededRandom(seed: 1)
        return try Collection.catalogue(
            (0..<3).map { axis in (0..<4).map { _ in Collection.near(axis, &random) } }, in: folder)
    }

    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        let written = try three(folder)
        let catalogue = try Catalogue(opening: IndexFiles(folder: folder.path).catalogue)
        #expect(catalogue.settings == written.settings)
        let videos = try catalogue.videos()
        #expect(videos.map(\.path) == ["/videos/0.mp4", "/videos/1.mp4", "/videos/2.mp4"])
        #expect(videos[2].stamp == FileStamp(size: 2, modified: 5, digest: 2 << 60 | 7))
        let segments = try catalogue.segments(of: videos[1].id)
        #expect(segments.map(\.start.seconds) == [0, 1, 2, 3])
        #expect(try catalogue.segmentCount() == 12 && catalogue.videoCount() == 3)
        var seen: [Int64] = []
        try catalogue.forEachVectors { numbers, vectors in
            seen += numbers
            #expect(vectors.count == numbers.count * 16)
        }
        #expect(seen == (try catalogue.segmentNumbers()))
        #expect(try catalogue.newestSegment() == seen.last)
    }

    /// What a kill left of a catalogue that was being made is in nobody's way, and is no catalogue.
    @Test func aHalfMadeCatalogueIsNone() throws {
        let folder = try TemporaryFolder()
        for name in ["catalogue.sqlite.new", "catalogue.sqlite.new-journal"] {
            try Data("half".utf8).write(to: URL(fileURLWithPath: folder.file(name)))
        }
        #expect(throws: RetrievalError.self) {
            try Catalogue(opening: IndexFiles(folder: folder.path).catalogue)
        }
        #expect(try three(folder).videoCount() == 3)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.contains(".new") }, "\(names)")
    }

    @Test func aVideoIsReplacedAsAWhole() throws {
        let folder = try TemporaryFolder()
        let catalogue = try three(folder)
        let before = try catalogue.segmentNumbers()
        let old = try #require(try catalogue.video(at: "/videos/1.mp4"))
        let stamp = FileStamp(size: 77, modified: 1, digest: 5)
        let id = try catalogue.replace("/videos/1.mp4", stamp, by: Collection.made([[Float](repeating: 1, count: 16)]))
        #expect(id != old.id)
        #expect(try catalogue.video(old.id) == nil)
        #expect(try catalogue.segments(of: old.id).isEmpty)
        let after = try catalogue.segmentNumbers()
        // Numbers are never given twice: what a file of vectors says of one that is gone finds nothing.
        #expect(after.count == 9 && (after.last ?? 0) > (before.last ?? 0))
        #expect(try catalogue.video(like: stamp)?.id == id)
        try catalogue.remove([id])
        try catalogue.replace("/videos/9.mp4", stamp, by: Collection.made([[Float](repeating: 1, count: 16)]))
        #expect(try catalogue.segmentNumbers().last ?? 0 > after.last ?? 0)
    }

    @Test func labels() throws {
        let folder = try TemporaryFolder()
        let catalogue = try three(folder)
        let numbers = try catalogue.segmentNumbers()
        try catalogue.label(numbers[0], .init(name: "goal", isGiven: true, probability: 1))
        try catalogue.label(numbers[1], .init(name: "goal", isGiven: false, probability: 0.8))
        try catalogue.label(numbers[2], .init(name: "goal", isGiven: false, probability: 0.9))
        // What was given is not undone by what follows.
        try catalogue.label(numbers[0], .init(name: "goal", isGiven: false, probability: 0.1))
        #expect(try catalogue.segments(labelled: "goal").map(\.segment.id) == [numbers[0], numbers[2], numbers[1]])
        #expect(try catalogue.labelCounts().map { "\($0.name) \($0.given) \($0.derived)" } == ["goal 1 2"])
        #expect(try catalogue.removeLabel("goal", from: numbers[1]))
        #expect(try !catalogue.removeLabel("goal", from: numbers[1]))
        #expect(try catalogue.givenLabels().map(\.segment) == [numbers[0]])
        // With its video a label goes too.
        try catalogue.remove([try #require(try catalogue.video(at: "/videos/0.mp4")).id])
        #expect(try catalogue.labelCounts().isEmpty)
    }

    @Test func whatIsNone() throws {
        let folder = try TemporaryFolder()
        let path = IndexFiles(folder: folder.path).catalogue
        #expect { try Catalogue(opening: path) } throws: { "\($0)".contains("sora index add") }
        for bytes in [Data(), Data("no database at all, but a text that is long enough to look at".utf8)] {
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: RetrievalError.self) { try Catalogue(opening: path) }
        }
        #expect(throws: RetrievalError.self) {
            try Catalogue(
                creating: path, settings: IndexSettings(model: "", fingerprint: "", dimensions: 1, cutting: .init()))
        }
    }

    /// The file of vectors follows the catalogue: what came, what went, and whatever became of the file itself.
    @Test func vectorsFollow() throws {
        let folder = try TemporaryFolder()
        let catalogue = try three(folder)
        var random = SeededRandom(seed: 2)
        let query = Collection.near(1, &random, spread: 0.01)
        func found() throws -> [Int64] {
            let index = try SearchIndex(opening: folder.path)
            let known = try catalogue.segments(try index.search(query, k: 12)[0].map(\.number))
            return try index.search(query, k: 12)[0].prefix(4).compactMap { known[$0.number]?.video }
        }
        let own = try #require(try catalogue.video(at: "/videos/1.mp4")).id
        #expect(try found() == [own, own, own, own])
        let more = try catalogue.replace(
            "/videos/7.mp4", FileStamp(size: 1, modified: 1, digest: 1),
            by: Collection.made((0..<4).map { _ in Collection.near(1, &random, spread: 0.001) }))
        #expect(try Set(found()) == [more])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let vectors = try #require(files.first { $0.hasSuffix(".faiss") })
        let state = try #require(files.first { $0.hasSuffix(".json") })
        // Killed between the two files; a file cut short; both gone.
        try FileManager.default.removeItem(atPath: folder.file(state))
        #expect(try Set(found()) == [more])
        try Data("cut".utf8).write(to: URL(fileURLWithPath: folder.file(vectors)))
        #expect(try Set(found()) == [more])
        for name in [vectors, state] { try FileManager.default.removeItem(atPath: folder.file(name)) }
        #expect(try Set(found()) == [more])
        let index = try SearchIndex(opening: folder.path)
        try index.rebuild(.graph(links: 8))
        #expect(try Set(found()) == [more])
    }
}
