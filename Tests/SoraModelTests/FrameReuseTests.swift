import Foundation
import Media
import Neural
import SoraModel
import Testing

/// Frames that hardly change, and the vectors that stand for them.
@Suite struct FrameReuseTests {
    /// Frames of 2x3 pixels, each of one value.
    private func frames(_ values: [UInt8]) -> [UInt8] { values.flatMap { [UInt8](repeating: $0, count: 18) } }

    @Test func aFrameIsComparedWithTheLastThatWentThrough() {
        let values: [UInt8] = [10, 11, 12, 13, 13, 200, 199, 10]
        let plan = FrameReuse(frames(values), count: 8, threshold: 2)
        // 13 is 3 from 10, however little it is from 12.
        #expect(plan.kept == [0, 3, 5, 7])
        #expect(plan.sources == [0, 0, 0, 1, 1, 2, 2, 3])
        #expect(plan.spread([1, 2, 3, 4, 5, 6, 7, 8]) == [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 8])
    }

    @Test func zeroIsForIdenticalFrames() {
        let plan = FrameReuse(frames([7, 7, 8, 7]), count: 4, threshold: 0)
        #expect(plan.kept == [0, 2, 3] && plan.sources == [0, 0, 1, 2])
        let all = FrameReuse(frames([0, 255, 0]), count: 3, threshold: 255)
        #expect(all.kept == [0])
    }

    @Test func theDifferenceIsTheMeanOfBytes() {
        // Longer than the blocks that are summed at a time, and no multiple of them.
        let count = 10_001
        let first = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let second = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 101 &+ 5) }
        let expected = zip(first, second).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(count)
        #expect(FrameReuse.meanDifference(first + second, 0, count, count: count) == expected)
        #expect(FrameReuse.meanDifference(first, 0, 0, count: 0) == 0)
    }

    @Test func threadsFollowTheProcessors() {
        func spread(_ files: Int, _ processors: Int) -> [Int] {
            let threads = DecodingThreads(for: files, processors: processors)
            return [threads.files, threads.perFile, threads.ahead]
        }
        #expect(spread(1, 1) == [1, 1, 2] && spread(100, 1) == [1, 1, 2])
        #expect(spread(1, 2) == [1, 2, 2] && spread(100, 2) == [2, 1, 3])
        #expect(spread(1, 8) == [1, 8, 2] && spread(100, 8) == [8, 1, 9] && spread(2, 8) == [2, 2, 3])
        #expect(spread(1, 64) == [1, 8, 2] && spread(100, 64) == [16, 2, 17])
        #expect(spread(0, 64)[0] == 1)
    }

    @Test func cosines() {
        func prediction(_ values: [Float]) -> Prediction { Prediction(embedding: values, probabilities: []) }
        #expect(prediction([3, 4]).cosine(to: prediction([6, 8])) == 1)
        #expect(prediction([1, 0]).cosine(to: prediction([0, 2])) == 0)
        #expect(prediction([1, 0]).cosine(to: prediction([-2, 0])) == -1)
        #expect(prediction([0, 0]).cosine(to: prediction([1, 0])) == 0)
    }
}
