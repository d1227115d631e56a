import Datasets
import Foundation
import Testing

@Suite("SeededRandom")
struct SeededRandomTests {
    struct Case: Decodable {
        let seed: UInt64
        let keys: [UInt64]
        let values: [UInt64]
    }

    @Test func givesTheReferenceValues() throws {
        for reference in try JSONDecoder().decode([Case].self, from: fixture("random/xoshiro.json")) {
            var random =
                switch reference.keys.count {
                case 0: SeededRandom(seed: reference.seed)
                case 1: SeededRandom(seed: reference.seed, reference.keys[0])
                case 2: SeededRandom(seed: reference.seed, reference.keys[0], reference.keys[1])
                default: SeededRandom(seed: reference.seed, reference.keys[0], reference.keys[1], reference.keys[2])
                }
            #expect(reference.values == reference.values.map { _ in random.next() })
        }
    }

    @Test func drawsAreInRangeAndEven() {
        var random = SeededRandom(seed: 3)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<7000 { counts[random.integer(below: 7)] += 1 }
        // Standard deviation of a count is 29.
        #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
        let mean = (0..<10_000).reduce(0.0) { sum, _ in sum + random.uniform() } / 10_000
        #expect(abs(mean - 0.5) < 0.015)
        #expect((0..<1000).allSatisfy { _ in (2.0..<3.5).contains(random.uniform(2.0..<3.5)) })
        #expect(random.integer(below: 0) == 0)
        #expect(random.integer(below: -5) == 0)
        let shuffled = random.shuffled(Array(0..<50))
        #expect(shuffled != Array(0..<50) && shuffled.sorted() == Array(0..<50))
        #expect(random.shuffled([Int]()) == [])
    }
}
