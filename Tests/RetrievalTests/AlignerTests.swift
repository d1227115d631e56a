import Datasets
import Testing

import Retrieval

@Suite struct AlignerTests {
    /// Likenesses about 0, and about 6 along a line.
    private func likenesses(
        queries: Int, others: Int, from: ClosedRange<Int>? = nil, offset: Int = 0, speed: Double = 1
    ) -> [Float] {
        var random = SeededRandom(seed: 8)
        var values = (0..<queries * others).map { _ in Float(random.uniform(-1.5..<1.5)) }
        for query in from ?? 0...(-1 + 1) where from != nil {
            let other = offset + Int((Double(query) * speed).rounded())
            if (0..<others).contains(other) { values[query * others + other] += 6 }
        }
        return values
    }

    @Test(arguments: [0.5, 0.8, 1, 1.25, 2]) func aLineIsFound(_ speed: Double) throws {
        let values = likenesses(queries: 20, others: 60, from: 3...17, offset: 11, speed: speed)
        let found = Aligner().alignments(values, queries: 20, others: 60, shortest: 4)
        let best = try #require(found.first)
        #expect(best.queryRange == 3...17)
        #expect(best.speed == speed)
        #expect(abs(best.otherRange.lowerBound - (11 + Int((3 * speed).rounded()))) <= 1)
        #expect(best.likeness > 4)
    }

    @Test func noiseHasNone() {
        #expect(Aligner().alignments(likenesses(queries: 20, others: 60), queries: 20, others: 60, shortest: 4).isEmpty)
    }

    @Test func twiceTheSameIsFoundTwice() {
        var values = likenesses(queries: 10, others: 60, from: 0...9, offset: 5)
        for query in 0..<10 { values[query * 60 + 40 + query] += 6 }
        let found = Aligner().alignments(values, queries: 10, others: 60, shortest: 4)
        #expect(found.prefix(2).map(\.otherRange).sorted { $0.lowerBound < $1.lowerBound } == [5...14, 40...49])
    }

    @Test func emptyOnes() {
        #expect(Aligner().alignments([], queries: 0, others: 0, shortest: 1).isEmpty)
        #expect(Aligner().alignments([9], queries: 1, others: 1, shortest: 1).count == 1)
    }
}
