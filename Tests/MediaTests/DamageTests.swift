import Foundation
import Media
import Testing

/// What is made of frames that do not decode, or are not there.
@Suite(.serialized, .enabled(if: Oracle.isAvailable, "needs the ffmpeg command: make deps"))
struct DamageTests {
    private let size = FrameRequest.Resize.exact(width: 32, height: 18)

    /// Intra frames at 25 a second of which some packets are broken beyond decoding.
    private func broken(_ frames: [Int]) throws -> String {
        let path = try #require(Generated.file(named: "intra.mkv"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let marks = bytes.ranges(of: Array("MAGY".utf8)).map(\.lowerBound)
        try #require(marks.count >= 25)
        // The first of more marks than frames is the codec's own description.
        for frame in frames { bytes[marks[marks.count - 25 + frame]] ^= 0xFF }
        return try Generated.write(bytes, as: "broken\(frames).mkv")
    }

    private func times(_ indices: some Sequence<Int>) -> [MediaTime] {
        indices.map { MediaTime(value: Int64($0), timescale: 25) }
    }

    @Test func heldFramesKeepTheirPlaces() throws {
        let path = try broken([7, 8, 9, 15, 24])
        let whole = try VideoReader(path: try #require(Generated.file(named: "intra.mkv"))).read(
            FrameRequest(resize: size))
        for threads in [1, 2] {
            let hold = try VideoReader(path: path, threads: threads).read(FrameRequest(resize: size, damage: .hold))
            try #require(hold.times == times(0..<25))
            #expect(hold.damagedCount == 5)
            #expect(hold.indices.filter { $0 < 0 }.count == 5)
            for (place, source) in [(6, 6), (7, 6), (8, 6), (9, 6), (10, 10), (15, 14), (23, 23), (24, 23)] {
                #expect(hold.bytes[hold.byteRange(of: place)] == whole.bytes[whole.byteRange(of: source)], "\(place)")
            }
            let skip = try VideoReader(path: path, threads: threads).read(FrameRequest(resize: size))
            #expect(skip.times == times((0..<24).filter { ![7, 8, 9, 15].contains($0) }) && skip.damagedCount == 5)
        }
    }

    /// What is lost before the first good frame has nothing to stand in for it.
    @Test func heldFramesBeginWithAGoodOne() throws {
        let hold = try VideoReader(path: try broken([0, 1, 4])).read(FrameRequest(resize: size, damage: .hold))
        #expect(hold.times == times(2..<25) && hold.damagedCount == 3)
    }

    @Test func damageOfThePartCounts() throws {
        let path = try broken([7, 8, 15])
        for isLong in [false, true] {
            for policy in [FrameRequest.DamagePolicy.skip, .hold] {
                for sampling in [FrameRequest.Sampling.all, .uniform(3)] {
                    func damaged(_ start: Int, _ end: Int) throws -> Int {
                        let reader = try VideoReader(path: path)
                        if isLong { reader.longPixels = 0 }
                        let request = FrameRequest(
                            sampling: sampling, resize: size, damage: policy,
                            start: times([start])[0], end: times([end])[0])
                        return try reader.read(request).damagedCount
                    }
                    #expect(try damaged(10, 14) == 0)
                    #expect(try damaged(0, 7) == 0)
                    #expect(try damaged(8, 12) == 1)
                    // Of a long video only what is met on the way to the samples is known.
                    #expect(try damaged(0, 25) == (isLong && sampling != .all ? 0 : 3))
                }
            }
        }
        let part = FrameRequest(resize: size, damage: .raise, start: times([10])[0], end: times([14])[0])
        #expect(try VideoReader(path: path).read(part).count == 4)
        var more = part
        more.end = times([17])[0]
        #expect(throws: MediaError.self) { try VideoReader(path: path).read(more) }
    }

    /// The second pass over a video whose header counts wrong stops at the last sample: the first one's damage counts.
    @Test func samplingReportsAllDamage() throws {
        let sampled = try VideoReader(path: try broken([22, 23])).read(
            FrameRequest(sampling: .uniform(1), resize: size))
        #expect(sampled.damagedCount == 2 && sampled.count == 1)
    }

    @Test func aJumpOfTimeIsNoEndlessVideo() throws {
        let path = try #require(Generated.file(named: "jump.mkv"))
        let error = #expect(throws: MediaError.self) {
            try VideoReader(path: path).read(FrameRequest(sampling: .rate(10), resize: size))
        }
        #expect(error?.code == .damaged && error?.message.contains("frame 19") == true)
        let before = FrameRequest(sampling: .rate(5), resize: size, end: MediaTime(seconds: 0.8))
        #expect(try VideoReader(path: path).read(before).indices == [0, 5, 10, 15])
        #expect(try VideoReader(path: path).read(FrameRequest(sampling: .uniform(5), resize: size)).count == 5)
    }

    /// A file cut short: its end is no clean one.
    @Test(arguments: ["faststart.mp4", "mpeg4.avi", "opengop.mkv", "vp8.webm", "still.gif", "theora.ogv"])
    func whatIsCutOffIsMissed(name: String) throws {
        let path = try #require(Generated.file(named: name))
        let whole = try VideoReader(path: path).read(FrameRequest(resize: size, damage: .raise))
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let cut = try Generated.write(Array(bytes.prefix(bytes.count * 6 / 10)), as: "cut-" + name)
        for policy in [FrameRequest.DamagePolicy.skip, .hold] {
            for isLong in [false, true] {
                let reader = try VideoReader(path: cut, threads: 1)
                if isLong { reader.longPixels = 0 }
                let frames = try reader.read(FrameRequest(resize: size, damage: policy))
                #expect(frames.count < whole.count && frames.damagedCount > 0, "\(policy)")
                // Only an index, or a header's count, says how many there should be.
                if ["mp4", "avi"].contains(where: name.hasSuffix), policy == .skip {
                    #expect(frames.count + frames.damagedCount == whole.count, "long: \(isLong)")
                }
                let sampled = try VideoReader(path: cut).read(
                    FrameRequest(sampling: .uniform(4), resize: size, damage: policy))
                #expect(sampled.count == 4 && sampled.damagedCount > 0)
            }
        }
        for sampling in [FrameRequest.Sampling.all, .uniform(2)] {
            for isLong in [false, true] {
                let reader = try VideoReader(path: cut)
                if isLong { reader.longPixels = 0 }
                let error = #expect(throws: MediaError.self) {
                    try reader.read(FrameRequest(sampling: sampling, resize: size, damage: .raise))
                }
                #expect(error?.code == .damaged)
            }
        }
        // The part that is there is whole.
        for isLong in [false, true] {
            let reader = try VideoReader(path: cut)
            if isLong { reader.longPixels = 0 }
            let part = FrameRequest(
                sampling: .random(5, seed: 2), resize: size, damage: .raise, end: MediaTime(seconds: 0.5),
                origin: .firstFrame)
            #expect(try reader.read(part).count == 5)
        }
    }

    /// QuickTime's repeat samples hold nothing, and are no damage.
    @Test func emptySamplesArePassedOver() throws {
        let path = try #require(Generated.file(named: "chunks.mov"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        let sizes = try #require(
            bytes.ranges(of: Array("stsz".utf8)).map(\.upperBound).first { number($0 + 4) == 0 && number($0 + 8) == 25 }
        )
        for sample in [5, 12, 24] {
            bytes.replaceSubrange(sizes + 12 + sample * 4..<sizes + 16 + sample * 4, with: [0, 0, 0, 0])
        }
        let patched = try Generated.write(bytes, as: "repeat.mov")
        for isLong in [false, true] {
            let reader = try VideoReader(path: patched)
            if isLong { reader.longPixels = 0 }
            let frames = try reader.read(FrameRequest(resize: size, damage: .raise))
            #expect(frames.count == 22 && frames.damagedCount == 0)
            #expect(try reader.read(FrameRequest(sampling: .uniform(22), resize: size)).times == frames.times)
        }
    }
}
