import Datasets
import Foundation
import Media
import Testing

@Suite("MotionClips")
struct MotionClipsTests {
    @Test func theSeedIsTheClip() throws {
        func clip(_ seed: UInt64, _ index: Int) throws -> [UInt8] {
            try MotionClips.render(class: "grow", clip: index, frames: 5, size: 48, seed: seed).bytes
        }
        #expect(try clip(1, 0) == clip(1, 0))
        #expect(try clip(1, 0) != clip(2, 0))
        #expect(try clip(1, 0) != clip(1, 1))
        #expect(try clip(1, 0).count == 5 * 48 * 48 * 3)
    }

    @Test func classesAreSortedAndBadOnesRefused() throws {
        #expect(MotionClips.classes.count == 10)
        #expect(MotionClips.classes == MotionClips.classes.sorted())
        #expect(throws: DatasetError.self) { try MotionClips.render(class: "hop", clip: 0, seed: 1) }
        #expect(throws: DatasetError.self) { try MotionClips.render(class: "grow", clip: 0, frames: 0, seed: 1) }
        #expect(throws: DatasetError.self) { try MotionClips.render(class: "grow", clip: 0, size: 1 << 40, seed: 1) }
        #expect(throws: DatasetError.self) { try MotionClips.render(class: "grow", clip: -1, seed: 1) }
        #expect(throws: (any Error).self) {
            try MotionClips.write(to: "/proc/no/such", clipsPerClass: 1, frames: 2, size: 32, seed: 1)
        }
    }

    /// Mean place, size and colour of single frames do not differ between the classes by more than chance.
    @Test func singleFramesDoNotTellTheClass() throws {
        let clips = 60
        var means: [[Double]] = []
        var deviations = [Double](repeating: 0, count: 4)
        for name in MotionClips.classes {
            var statistics: [[Double]] = []
            for clip in 0..<clips {
                var random = SeededRandom(seed: 5, UInt64(clip))
                let frames = try MotionClips.render(class: name, clip: clip, frames: 8, size: 32, seed: 3)
                let frame = Array(frames.bytes[frames.byteRange(of: random.integer(below: 8))])
                statistics.append(Self.statistics(frame, size: 32))
            }
            means.append((0..<4).map { i in statistics.reduce(0) { $0 + $1[i] } / Double(clips) })
            for i in 0..<4 {
                let mean = means[means.count - 1][i]
                deviations[i] += statistics.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
            }
        }
        for i in 0..<4 {
            let deviation = (deviations[i] / Double(clips * 10)).squareRoot()
            let grand = means.reduce(0) { $0 + $1[i] } / 10
            for (name, mean) in zip(MotionClips.classes, means) {
                // Ten classes by four statistics: the largest of 40 stays within 3.7 standard errors 99 % of the time.
                #expect(abs(mean[i] - grand) < 3.7 * deviation / Double(clips).squareRoot(), "\(name), statistic \(i)")
            }
        }
    }

    /// Of the bright object: its place in x and y, its area, the mean brightness of the picture.
    static func statistics(_ frame: [UInt8], size: Int) -> [Double] {
        var (x, y, area, sum) = (0.0, 0.0, 0.0, 0.0)
        for pixel in 0..<size * size {
            let brightest = frame[pixel * 3..<pixel * 3 + 3].max() ?? 0
            sum += Double(brightest)
            guard brightest > 180 else { continue }
            x += Double(pixel % size)
            y += Double(pixel / size)
            area += 1
        }
        return [x / max(1, area), y / max(1, area), area, sum / Double(size * size)]
    }

    /// The classes do what their names say, seen from the pixels: places of the bright object and of its white head.
    @Test(arguments: 0..<6) func motionIsAsNamed(clip: Int) throws {
        func course(_ name: String) throws -> [(x: Double, y: Double, area: Double, turn: Double)] {
            let frames = try MotionClips.render(class: name, clip: clip, frames: 13, size: 96, seed: 21)
            return (0..<13).map { index in
                let bytes = Array(frames.bytes[frames.byteRange(of: index)])
                let all = Self.statistics(bytes, size: 96)
                // The head is the only white there is: bright in its weakest channel too.
                var (x, y, area) = (0.0, 0.0, 0.0)
                for pixel in 0..<96 * 96 where (bytes[pixel * 3..<pixel * 3 + 3].min() ?? 0) > 200 {
                    x += Double(pixel % 96)
                    y += Double(pixel / 96)
                    area += 1
                }
                return (x / area, y / area, area, atan2(y / area - all[1], x / area - all[0]))
            }
        }
        for (name, sign) in [("move-right", 1.0), ("move-left", -1)] {
            let steps = try course(name)
            #expect((steps[12].x - steps[0].x) * sign > 38, "\(name)")
            #expect(abs(steps[12].y - steps[0].y) < 2, "\(name)")
        }
        for (name, sign) in [("move-down", 1.0), ("move-up", -1)] {
            let steps = try course(name)
            #expect((steps[12].y - steps[0].y) * sign > 38, "\(name)")
            #expect(abs(steps[12].x - steps[0].x) < 2, "\(name)")
        }
        for (name, sign) in [("grow", 1.0), ("shrink", -1)] {
            let steps = try course(name)
            // The scale changes by a factor of e^0.85 at least, the area by its square.
            #expect(log(steps[12].area / steps[0].area) * sign > 1.2, "\(name)")
        }
        for (name, sign) in [("turn-clockwise", 1.0), ("turn-anticlockwise", -1)] {
            let turns = try course(name).map(\.turn)
            // y points down, so angles grow clockwise. Each of 12 steps turns by 1.3 to 1.7 pi / 12.
            for (a, b) in zip(turns, turns.dropFirst()) {
                let step = atan2(sin(b - a), cos(b - a)) * sign
                #expect((0.1..<0.9).contains(step), "\(name) \(step)")
            }
        }
        for (name, isEarly) in [("slow-down", true), ("speed-up", false)] {
            let steps = try course(name)
            func gone(_ range: ClosedRange<Int>) -> Double {
                hypot(
                    steps[range.upperBound].x - steps[range.lowerBound].x,
                    steps[range.upperBound].y - steps[range.lowerBound].y)
            }
            let (early, late) = (gone(0...6), gone(6...12))
            #expect(isEarly ? early > 4 * late : late > 4 * early, "\(name) \(early) \(late)")
        }
    }

    @Test func writesAFolderPerClass() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("motion-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let start = ContinuousClock.now
        let paths = try MotionClips.write(to: folder, clipsPerClass: 2, frames: 6, size: 64, seed: 9)
        #expect(paths.count == 20)
        #expect(paths.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == MotionClips.classes)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    /// For looking at: `SORA_MOTION_SHEETS=/tmp/sheets swift test --filter contactSheets`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SORA_MOTION_SHEETS"] != nil)) func contactSheets() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["SORA_MOTION_SHEETS"])
        for name in MotionClips.classes {
            var all = Frames(height: 128, width: 128)
            for clip in 0..<4 {
                let frames = try MotionClips.render(class: name, clip: clip, seed: 7)
                for index in stride(from: 0, to: 24, by: 3) {
                    all.bytes += frames.bytes[frames.byteRange(of: index)]
                    all.times.append(frames.times[index])
                }
            }
            try all.contactSheet(columns: 8).writePNG(to: "\(folder)/\(name).png")
        }
        let clock = ContinuousClock.now
        try MotionClips.write(to: folder + "/set", clipsPerClass: 30, seed: 1)
        try "\(ContinuousClock.now - clock)".write(toFile: folder + "/seconds.txt", atomically: true, encoding: .utf8)
    }
}
