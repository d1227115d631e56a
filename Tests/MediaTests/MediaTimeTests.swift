import Foundation
import Media
import Testing

/// Times are rational numbers: exact, and no number makes them trap.
@Suite struct MediaTimeTests {
    @Test func equalIsTheSameInstant() {
        let (a, b) = (MediaTime(value: 1001, timescale: 30000), MediaTime(value: 3003, timescale: 90000))
        #expect(a == b && a.hashValue == b.hashValue && Set([a, b]).count == 1 && !(a < b) && !(b < a))
        #expect(a.reduced.value == 1001 && b.reduced.value == 1001 && b.reduced.timescale == 30000)
        #expect(MediaTime(value: 0, timescale: 7) == .zero && MediaTime(value: 0, timescale: 7).reduced.timescale == 1)
        #expect(MediaTime(value: -3, timescale: 6).reduced.value == -1)
        #expect(
            MediaTime(value: -1, timescale: 2) < .zero
                && MediaTime(value: 1, timescale: 3) < .init(value: 1, timescale: 2))
        // Nearer to each other than any `Double` tells.
        let far = MediaTime(value: .max, timescale: .max)
        #expect(
            MediaTime(value: .max - 1, timescale: .max) < far
                && far.seconds == MediaTime(value: .max - 1, timescale: .max).seconds)
    }

    @Test func extremesDoNotTrap() {
        let values: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        let times = values.flatMap { value in
            [Int32.min, -1, 0, 1, 90000, .max].map { MediaTime(value: value, timescale: $0) }
        }
        for time in times {
            #expect(time.timescale >= 1)
            #expect(time.reduced == time && time.reduced.hashValue == time.hashValue && time.seconds.isFinite)
            for other in times { #expect([time < other, time == other, time > other].count { $0 } == 1) }
        }
        #expect(times.sorted().first?.value == .min)
    }

    @Test func secondsAreRoundedAndClamped() {
        #expect(MediaTime(seconds: 1.5) == MediaTime(value: 3, timescale: 2))
        #expect(MediaTime(seconds: 0.000_000_6) == MediaTime(value: 1, timescale: 1_000_000))
        #expect(MediaTime(seconds: .nan) == .zero && MediaTime(seconds: -0.0) == .zero)
        #expect(MediaTime(seconds: .infinity) > MediaTime(seconds: 1e12))
        #expect(MediaTime(seconds: -.infinity) < MediaTime(seconds: -1e12))
        #expect(MediaTime(seconds: 1e300) == MediaTime(seconds: .infinity))
        #expect(MediaTime(seconds: -.greatestFiniteMagnitude) == MediaTime(seconds: -.infinity))
    }

    @Test func onlyPositiveTimescalesAreRead() throws {
        let time = MediaTime(value: -3003, timescale: 90000)
        #expect(try JSONDecoder().decode(MediaTime.self, from: JSONEncoder().encode(time)) == time)
        for scale in ["0", "-1", "-2147483648", "2147483648", "\"1\""] {
            #expect(throws: DecodingError.self, "\(scale)") {
                try JSONDecoder().decode(MediaTime.self, from: Data("{\"value\": 1, \"timescale\": \(scale)}".utf8))
            }
        }
    }
}

/// A clip's numbers are in range however they are set.
@Suite struct ClipSpecificationTests {
    @Test func numbersAreBroughtIntoRange() {
        var clip = ClipSpecification(frames: 8, height: 10, width: 20)
        (clip.frames, clip.height, clip.width, clip.margin) = (.max, .max, .min, .infinity)
        #expect(clip == ClipSpecification(frames: .max, height: .max, width: .min, margin: .infinity))
        #expect((clip.frames, clip.height, clip.width) == (1 << 20, 8192, 1) && clip.margin == 4)
        #expect(clip.byteCount == (1 << 20) * 8192 * 3)
        for fit in ClipSpecification.Fit.allCases {
            clip.fit = fit
            #expect(clip.evaluationRequest(displaySize: .init(width: .max, height: 1)).origin == .firstFrame)
        }
        (clip.frames, clip.height, clip.margin) = (0, -5, .nan)
        #expect((clip.frames, clip.height) == (1, 1) && clip.margin == 1)
    }

    @Test func onlyWhatIsInRangeIsRead() throws {
        let clip = ClipSpecification(frames: 8, height: 10, width: 20, fit: .letterbox, margin: 1.25)
        let text = String(decoding: try JSONEncoder().encode(clip), as: UTF8.self)
        #expect(try JSONDecoder().decode(ClipSpecification.self, from: Data(text.utf8)) == clip)
        for (good, bad) in [
            ("\"frames\":8", "\"frames\":0"), ("\"height\":10", "\"height\":9223372036854775807"),
            ("\"width\":20", "\"width\":-1"), ("\"margin\":1.25", "\"margin\":0.5"),
            ("\"fit\":\"letterbox\"", "\"fit\":\"x\""),
        ] {
            let changed = text.replacingOccurrences(of: good, with: bad)
            #expect(changed != text)
            #expect(throws: DecodingError.self, "\(bad)") {
                try JSONDecoder().decode(ClipSpecification.self, from: Data(changed.utf8))
            }
        }
    }
}
