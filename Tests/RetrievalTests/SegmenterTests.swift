import Retrieval
import Testing

@Suite struct SegmenterTests {
    private func picture(_ level: UInt8) -> [UInt8] { [UInt8](repeating: level, count: 16 * 16 * 3) }

    /// All segments of a video of shots of plain grey.
    private func segments(_ shots: [(level: UInt8, frames: Int)], _ options: Segmenter.Options) -> [Range<Int>] {
        var segmenter = Segmenter(options)
        var found: [Range<Int>] = []
        for shot in shots {
            for _ in 0..<shot.frames { found += segmenter.append(picture(shot.level), height: 16, width: 16) }
        }
        return found + segmenter.finish()
    }

    private var options: Segmenter.Options {
        var options = Segmenter.Options()
        (options.rate, options.window, options.hop) = (4, 8, 4)
        return options
    }

    @Test func aShotEndsWhereThePictureChanges() {
        #expect(segments([(20, 6), (200, 9), (90, 3)], options) == [0..<6, 6..<15, 15..<18])
    }

    @Test func longShotsAreWindowsThatOverlap() {
        #expect(segments([(20, 18)], options) == [0..<8, 4..<12, 8..<16, 10..<18])
        #expect(segments([(20, 10)], options) == [0..<10])
        #expect(segments([], options).isEmpty)
    }

    /// Memory does not grow: an unchanging hour is cut each minute.
    @Test func aShotIsOfAMinuteAtMost() {
        var segmenter = Segmenter(options)
        var (waiting, longest) = (0, 0)
        for _ in 0..<4 * 200 {
            waiting += 1
            if !segmenter.append(picture(50), height: 16, width: 16).isEmpty { waiting = 0 }
            longest = max(longest, waiting)
        }
        #expect(longest <= 4 * 60 + 1)
    }

    @Test func everyFrameIsInASegment() {
        for frames in 1...60 {
            let all = segments([(20, frames)], options)
            #expect(Set(all.flatMap(Array.init)) == Set(0..<frames))
            #expect(all.allSatisfy { $0.count <= 10 })
        }
    }

    @Test func optionsThatMakeNoSense() {
        for change: (inout Segmenter.Options) -> Void in [
            { $0.rate = 0 }, { $0.rate = .nan }, { $0.window = 0 }, { $0.hop = 0 }, { $0.hop = $0.window + 1 },
        ] {
            var options = Segmenter.Options()
            change(&options)
            #expect(throws: RetrievalError.self) { try options.validate() }
        }
    }
}
