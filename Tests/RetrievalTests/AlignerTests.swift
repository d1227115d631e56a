import Datasets
import Retrieval
import Testing

@Suite struct AlignerTests {
    /// Likenesses below 0, and about 2.5 along a line.
    private func likenesses(
        queries: Int, others: Int, from: ClosedRange<Int>? = nil, offset: Int = 0, speed: Double = 1
    ) -> [Float] {
        var random = SeededRandom(seed: 8)
        var values = (0..<queries * others).map { _ in Float(random.uniform(-0.8..<(-0.2))) }
        for query in from ?? 0...(-1 + 1) where from != nil {
            let other = offset + Int((Double(query) * speed).rounded())
            if (0..<others).contains(other) { values[query * others + other] += 3 }
        }
        return values
    }

    /// Frames that are nothing like those before them.
    private func new(_ count: Int) -> [Float?] { [Float?](repeating: 1, count: count) }

    /// A scene in which nothing moves counts for little more than one frame of it, and black frames count for nothing.
    @Test func whatStandsStillIsNoEvidence() throws {
        let values = likenesses(queries: 20, others: 60, from: 0...19, offset: 11)
        func score(_ novelties: [Float?]) -> Double {
            Aligner().alignments(values, novelties, new(60).map { _ in novelties[10] }, shortest: 4).first?.score ?? 0
        }
        let (moving, still) = (score(new(20)), score([1] + [Float?](repeating: 0, count: 19)))
        #expect(still > 0 && still < 0.4 * moving)
        #expect(score([Float?](repeating: nil, count: 20)) == 0)
    }

    @Test(arguments: [0.5, 0.8, 1, 1.25, 2]) func aLineIsFound(_ speed: Double) throws {
        let values = likenesses(queries: 20, others: 60, from: 3...17, offset: 11, speed: speed)
        let found = Aligner().alignments(values, new(20), new(60), shortest: 4)
        let best = try #require(found.first)
        #expect(best.queryRange == 3...17)
        #expect(best.speed == speed)
        #expect(abs(best.otherRange.lowerBound - (11 + Int((3 * speed).rounded()))) <= 1)
        #expect(best.likeness > 2)
    }

    @Test func noiseHasNone() {
        #expect(Aligner().alignments(likenesses(queries: 20, others: 60), new(20), new(60), shortest: 4).isEmpty)
    }

    @Test func twiceTheSameIsFoundTwice() {
        var values = likenesses(queries: 10, others: 60, from: 0...9, offset: 5)
        for query in 0..<10 { values[query * 60 + 40 + query] += 3 }
        let found = Aligner().alignments(values, new(10), new(60), shortest: 4)
        #expect(found.prefix(2).map(\.otherRange).sorted { $0.lowerBound < $1.lowerBound } == [5...14, 40...49])
    }

    @Test func emptyOnes() {
        #expect(Aligner().alignments([], [], [], shortest: 1).isEmpty)
        #expect(Aligner().alignments([9], new(1), new(1), shortest: 1).count == 1)
    }
}
