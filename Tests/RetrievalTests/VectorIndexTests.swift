import Datasets
import Foundation
import Retrieval
import Testing

@Suite struct VectorIndexTests {
    private func vectors(_ count: Int, _ size: Int, seed: UInt64) -> [Float] {
        var random = SeededRandom(seed: seed)
        return (0..<count).flatMap { _ in Collection.unit((0..<size).map { _ in Float(random.uniform(-1..<1)) }) }
    }

    /// The nearest by looking at all, in double precision.
    private func nearest(_ query: ArraySlice<Float>, _ all: [Float], _ size: Int, k: Int) -> [Int] {
        let scores = (0..<all.count / size).map { row in
            zip(query, all[row * size..<(row + 1) * size]).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        return Array(scores.indices.sorted { scores[$0] > scores[$1] }.prefix(k))
    }

    @Test func flatIsExact() throws {
        let (size, all, queries) = (24, vectors(500, 24, seed: 1), vectors(9, 24, seed: 2))
        let index = try FAISSIndex(.flat, dimensions: size)
        // Numbers need not be in order, nor dense.
        try index.add(all, numbers: (0..<500).map { Int64(7 * ($0 * 37 % 500) + 3) })
        #expect(index.count == 500)
        for (row, found) in try index.search(queries, k: 5).enumerated() {
            let expected = nearest(queries[row * size..<(row + 1) * size], all, size, k: 5)
            #expect(found.map(\.number) == expected.map { Int64(7 * ($0 * 37 % 500) + 3) })
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
        }
    }

    @Test(arguments: [FAISSIndex.Kind.graph(links: 16), .lists(count: 16, bytes: 8)])
    func approximateFindsMost(_ kind: FAISSIndex.Kind) throws {
        let (size, all) = (16, vectors(3000, 16, seed: 3))
        let index = try FAISSIndex(kind, dimensions: size)
        try index.train(all)
        try index.add(all, numbers: (0..<3000).map(Int64.init))
        index.effort = 64
        let found = try index.search(Array(all.prefix(100 * size)), k: 10)
        var hits = 0
        for row in 0..<100 {
            let expected = Set(nearest(all[row * size..<(row + 1) * size], all, size, k: 10).map(Int64.init))
            hits += expected.intersection(found[row].map(\.number)).count
        }
        // Product quantisation keeps half a bit a number: it finds fewer.
        #expect(hits > (kind == .graph(links: 16) ? 950 : 500), "\(hits) of 1000")
    }

    @Test func fewerThanAskedFor() throws {
        let index = try FAISSIndex(.flat, dimensions: 4)
        #expect(try index.search([1, 0, 0, 0], k: 5) == [[]])
        try index.add([0, 1, 0, 0], numbers: [9])
        #expect(
            try index.search([0, 1, 0, 0, 0, 0, 1, 0], k: 5) == [
                [.init(number: 9, score: 1)], [.init(number: 9, score: 0)],
            ])
        #expect(try index.search([], k: 3).isEmpty)
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let index = try FAISSIndex(.flat, dimensions: 4)
        #expect(throws: RetrievalError.self) { try index.add([1, 2, 3], numbers: [1]) }
        #expect(throws: RetrievalError.self) { try index.add([1, 2, 3, 4], numbers: [1, 2]) }
        #expect(throws: RetrievalError.self) { try index.add([1, 2, 3, .nan], numbers: [1]) }
        #expect(throws: RetrievalError.self) { try index.search([1, .infinity, 0, 0], k: 1) }
        #expect(throws: RetrievalError.self) { try FAISSIndex(.lists(count: 4, bytes: 3), dimensions: 8) }
    }

    @Test func aFileGivesTheSame() throws {
        let folder = try TemporaryFolder()
        let all = vectors(200, 12, seed: 5)
        for (name, kind) in [("flat", FAISSIndex.Kind.flat), ("graph", .graph(links: 8))] {
            let index = try FAISSIndex(kind, dimensions: 12)
            try index.add(all, numbers: (0..<200).map { Int64($0) * 11 })
            try index.write(to: folder.file(name))
            let read = try FAISSIndex(reading: folder.file(name))
            #expect(read.count == 200 && read.dimensions == 12)
            #expect(try read.search(Array(all.prefix(36)), k: 4) == index.search(Array(all.prefix(36)), k: 4))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["flat", "graph"])
    }

    @Test func filesThatAreNone() throws {
        let folder = try TemporaryFolder()
        #expect(throws: RetrievalError.self) { try FAISSIndex(reading: folder.file("missing")) }
        let index = try FAISSIndex(.flat, dimensions: 12)
        try index.add(vectors(50, 12, seed: 6), numbers: (0..<50).map(Int64.init))
        try index.write(to: folder.file("whole"))
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("whole")))
        for length in stride(from: 0, to: whole.count, by: 97) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut")))
            #expect(throws: RetrievalError.self) { try FAISSIndex(reading: folder.file("cut")) }
        }
    }

    @Test func theKindFollowsTheNumber() {
        #expect(FAISSIndex.Kind.suiting(count: 100, dimensions: 128) == .flat)
        #expect(FAISSIndex.Kind.suiting(count: 500_000, dimensions: 128) == .graph(links: 32))
        guard case .lists = FAISSIndex.Kind.suiting(count: 10_000_000, dimensions: 128) else {
            Issue.record("ten million vectors are not compressed")
            return
        }
    }
}
