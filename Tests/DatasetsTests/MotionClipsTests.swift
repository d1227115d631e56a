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

    /// Mean place, size and colour of the first frame, and of the last, do not differ between the classes by more than
    /// chance: a single frame does not tell the class even to one who knows its number.
    @Test(arguments: [0, 7]) func singleFramesDoNotTellTheClass(index: Int) throws {
        let clips = 60
        let statistics = try MotionClips.classes.map { name in
            try (0..<clips).map { clip in
                let frames = try MotionClips.render(class: name, clip: clip, frames: 8, size: 32, seed: 3)
                return Look(Array(frames.bytes[frames.byteRange(of: index)]), size: 32).numbers
            }
        }
        for i in statistics[0][0].indices {
            let means = statistics.map { clips in clips.reduce(0) { $0 + $1[i] } / Double(clips.count) }
            let grand = means.reduce(0, +) / 10
            let squares = zip(statistics, means).map { clips, mean in
                clips.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
            }
            let error = (squares.reduce(0, +) / Double(clips * 10)).squareRoot() / Double(clips).squareRoot()
            for (name, mean) in zip(MotionClips.classes, means) {
                // Ten classes, six statistics, two frames: the largest of 120 stays within 4 standard errors 99 % of
                // the time.
                #expect(abs(mean - grand) < 4 * error, "\(name), statistic \(i)")
            }
        }
    }

    /// What is bright in a picture that has no edges: places are angles, from 0 to 1 round.
    struct Look {
        /// Mean directions of the bright object in x and y, as cosine and sine.
        var (cosX, sinX, cosY, sinY) = (0.0, 0.0, 0.0, 0.0)
        var area = 0.0
        var brightness = 0.0

        var x: Double { atan2(sinX, cosX) / (2 * .pi) }
        var y: Double { atan2(sinY, cosY) / (2 * .pi) }
        var numbers: [Double] { [cosX, sinX, cosY, sinY, area, brightness] }

        /// Of the pixels whose brightest channel passes 180; of the white ones if `whiteOnly`.
        init(_ frame: [UInt8], size: Int, whiteOnly: Bool = false) {
            for pixel in 0..<size * size {
                let channels = frame[pixel * 3..<pixel * 3 + 3]
                brightness += Double(channels.max() ?? 0) / Double(size * size)
                guard whiteOnly ? (channels.min() ?? 0) > 200 : (channels.max() ?? 0) > 180 else { continue }
                let (x, y) = (Double(pixel % size) / Double(size), Double(pixel / size) / Double(size))
                cosX += cos(2 * .pi * x)
                sinX += sin(2 * .pi * x)
                cosY += cos(2 * .pi * y)
                sinY += sin(2 * .pi * y)
                area += 1
            }
            for path in [\Look.cosX, \.sinX, \.cosY, \.sinY] { self[keyPath: path] /= max(1, area) }
        }
    }

    /// The shorter way round from one place to another.
    static func way(_ from: Double, _ to: Double) -> Double { (to - from) - (to - from).rounded() }

    /// The classes do what their names say, seen from the pixels: places of the bright object and of its white head.
    @Test(arguments: 0..<6) func motionIsAsNamed(clip: Int) throws {
        /// The steps from frame to frame: of the head in x and y, of its area's logarithm, of the object's direction.
        func steps(_ name: String) throws -> [(x: Double, y: Double, area: Double, turn: Double)] {
            let frames = try MotionClips.render(class: name, clip: clip, frames: 13, size: 96, seed: 21)
            let looks = (0..<13).map { index in
                let bytes = Array(frames.bytes[frames.byteRange(of: index)])
                return (head: Look(bytes, size: 96, whiteOnly: true), all: Look(bytes, size: 96))
            }
            let angles = looks.map { atan2(Self.way($0.all.y, $0.head.y), Self.way($0.all.x, $0.head.x)) / (2 * .pi) }
            return (0..<12).map { i in
                let (a, b) = (looks[i].head, looks[i + 1].head)
                return (
                    Self.way(a.x, b.x), Self.way(a.y, b.y), log(b.area / a.area), Self.way(angles[i], angles[i + 1])
                )
            }
        }
        for (name, sign) in [("move-right", 1.0), ("move-left", -1)] {
            let steps = try steps(name)
            #expect(steps.allSatisfy { (0.04..<0.09).contains($0.x * sign) }, "\(name)")
            #expect(steps.allSatisfy { abs($0.y) < 0.01 }, "\(name)")
        }
        for (name, sign) in [("move-down", 1.0), ("move-up", -1)] {
            let steps = try steps(name)
            #expect(steps.allSatisfy { (0.04..<0.09).contains($0.y * sign) }, "\(name)")
            #expect(steps.allSatisfy { abs($0.x) < 0.01 }, "\(name)")
        }
        for (name, sign) in [("grow", 1.0), ("shrink", -1)] {
            // From the largest it goes on from the smallest, at most once.
            #expect(try steps(name).count { $0.area * sign > 0.02 } >= 11, "\(name)")
        }
        for (name, sign) in [("turn-clockwise", 1.0), ("turn-anticlockwise", -1)] {
            // y points down, so angles grow clockwise.
            #expect(try steps(name).allSatisfy { (0.01..<0.15).contains($0.turn * sign) }, "\(name)")
        }
        for (name, isEarly) in [("slow-down", true), ("speed-up", false)] {
            let gone = try steps(name).map { hypot($0.x, $0.y) }
            let (early, late) = (gone.prefix(6).reduce(0, +), gone.suffix(6).reduce(0, +))
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
            var all = Frames(height: 96, width: 96)
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
