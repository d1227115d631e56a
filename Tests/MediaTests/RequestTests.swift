import Foundation
import Media
import Testing

/// What a request takes, against a sequential decode of the same file.
@Suite(.serialized, .enabled(if: Oracle.isAvailable, "needs the ffmpeg command: make deps"))
struct RequestTests {
    /// Every frame of a file at 64x44, and a reader for it; as a short video and as a long one.
    private func all(_ name: String) throws -> (path: String, frames: Frames) {
        let path = try #require(Generated.file(named: name))
        return (path, try VideoReader(path: path).read(FrameRequest(resize: .exact(width: 64, height: 44))))
    }

    private func expect(
        _ path: String, _ all: Frames, _ sampling: FrameRequest.Sampling, _ indices: [Int], start: MediaTime? = nil,
        end: MediaTime? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for isLong in [false, true] {
            let reader = try VideoReader(path: path)
            if isLong { reader.longPixels = 0 }
            let request = FrameRequest(
                sampling: sampling, resize: .exact(width: 64, height: 44), start: start, end: end)
            let frames = try reader.read(request)
            #expect(frames.indices == indices, "\(sampling), long: \(isLong)", sourceLocation: sourceLocation)
            #expect(frames.damagedCount == 0)
            for (place, index) in frames.indices.enumerated() {
                #expect(frames.times[place] == all.times[index])
                #expect(frames.bytes[frames.byteRange(of: place)] == all.bytes[all.byteRange(of: index)])
            }
        }
    }

    @Test func samplesByIndex() throws {
        let (path, frames) = try all("bframes.mp4")
        #expect(frames.indices == Array(0..<75))
        try expect(path, frames, .uniform(5), [7, 22, 37, 52, 67])
        try expect(path, frames, .uniform(1), [37])
        try expect(path, frames, .every(30), [0, 30, 60])
        try expect(
            path, frames, .every(30), [10, 40], start: MediaTime(value: 10, timescale: 25),
            end: MediaTime(value: 2, timescale: 1))
        try expect(
            path, frames, .uniform(2), [12, 17], start: MediaTime(value: 10, timescale: 25),
            end: MediaTime(value: 20, timescale: 25))
        try expect(path, frames, .all, Array(70..<75), start: MediaTime(value: 70, timescale: 25))
        // More frames than there are: each part of the range has one all the same.
        try expect(path, frames, .uniform(4), [73, 73, 74, 74], start: MediaTime(value: 73, timescale: 25))
    }

    @Test func samplesByTime() throws {
        let (path, frames) = try all("bframes.mp4")
        try expect(path, frames, .rate(5), Array(stride(from: 0, to: 75, by: 5)))
        try expect(path, frames, .rate(50), (0..<75).flatMap { [$0, $0] })
        try expect(path, frames, .rate(5), [10, 15], start: MediaTime(seconds: 0.41), end: MediaTime(seconds: 0.8))
        try expect(
            path, frames,
            .times([MediaTime(seconds: 1.999), MediaTime(seconds: 0), MediaTime(seconds: 2), MediaTime(seconds: 2)]),
            [0, 49, 50, 50])
        #expect(throws: MediaError.self) {
            try VideoReader(path: path).read(FrameRequest(sampling: .times([MediaTime(seconds: 3)])))
        }
        // Milliseconds in the container, thirtieths in the video: rounding must not take a frame twice.
        let (matroska, _) = try all("vp8.webm")
        let rounded = try VideoReader(path: matroska).read(FrameRequest(sampling: .rate(25), resize: .shortSide(20)))
        #expect(rounded.indices == Array(0..<50))
    }

    @Test func samplesVariableRateByTime() throws {
        let (path, frames) = try all("vfr.mp4")
        let wanted = stride(from: 0.0, to: 2.8, by: 0.1).map { MediaTime(seconds: $0) }
        let indices = wanted.map { time in frames.times.lastIndex { $0 <= time } ?? 0 }
        try expect(path, frames, .times(wanted), indices)
        try expect(
            path, frames, .rate(10),
            indices
                + [frames.times.lastIndex { $0 <= MediaTime(seconds: 2.8) } ?? 0, frames.count - 1].prefix(
                    frames.times.last.map { $0 > MediaTime(seconds: 2.8) } == true ? 2 : 1))
    }

    @Test func keyFramesAreThoseOfTheProbe() throws {
        let (path, frames) = try all("opengop.mkv")
        let probe = Oracle.run("ffprobe", ["-v", "quiet", "-show_entries", "frame=key_frame", "-of", "csv=p=0", path])
        let keys = probe.text.split(separator: "\n").enumerated().filter { $0.element.hasPrefix("1") }.map(\.offset)
        #expect(keys.count > 4)
        try expect(path, frames, .keyFrames, keys)
    }

    @Test func randomIsSeededAndOnePerPart() throws {
        let (path, frames) = try all("bframes.mp4")
        let first = try VideoReader(path: path).read(FrameRequest(sampling: .random(5, seed: 3), resize: .shortSide(8)))
        let same = try VideoReader(path: path).read(FrameRequest(sampling: .random(5, seed: 3), resize: .shortSide(8)))
        let other = try VideoReader(path: path).read(FrameRequest(sampling: .random(5, seed: 4), resize: .shortSide(8)))
        #expect(first.indices == same.indices && first.bytes == same.bytes)
        #expect(first.indices != other.indices)
        for (part, index) in first.indices.enumerated() { #expect((part * 15..<(part + 1) * 15).contains(index)) }
        try expect(path, frames, .random(5, seed: 3), first.indices)
    }

    @Test func sizesAndCuts() throws {
        let path = try #require(Generated.file(named: "sar.mp4"))
        func size(_ resize: FrameRequest.Resize, _ crop: FrameRequest.Crop = .none) throws -> Frames {
            try VideoReader(path: path).read(FrameRequest(sampling: .uniform(1), resize: resize, crop: crop))
        }
        func shape(_ frames: Frames) -> [Int] { [frames.width, frames.height, frames.bytes.count / 3 / frames.count] }
        #expect(try shape(size(.none)) == [256, 100, 25600])
        #expect(try shape(size(.shortSide(50))) == [128, 50, 6400])
        #expect(try shape(size(.exact(width: 31, height: 17))) == [31, 17, 527])
        let boxed = try size(.letterbox(width: 64, height: 64))
        #expect(shape(boxed) == [64, 64, 4096])
        // 64x25 in the middle of 64x64: 19 black rows above, 20 below.
        let picture = try size(.exact(width: 64, height: 25))
        let row = 64 * 3
        #expect(
            boxed.bytes[0..<19 * row].allSatisfy { $0 == 0 } && boxed.bytes[44 * row..<64 * row].allSatisfy { $0 == 0 })
        #expect(Array(boxed.bytes[19 * row..<44 * row]) == picture.bytes)
        func window(_ x: Int, _ y: Int) -> [UInt8] {
            (y..<y + 11).flatMap { y in picture.bytes[(y * 64 + x) * 3..<(y * 64 + x + 21) * 3] }
        }
        #expect(try size(.exact(width: 64, height: 25), .center(width: 21, height: 11)).bytes == window(21, 7))
        let five = try size(.exact(width: 64, height: 25), .five(width: 21, height: 11))
        #expect(five.count == 5 && five.indices == [12, 12, 12, 12, 12])
        #expect(five.bytes == window(0, 0) + window(43, 0) + window(0, 14) + window(43, 14) + window(21, 7))
        let drawn = try size(.exact(width: 64, height: 25), .random(width: 21, height: 11, seed: 5))
        #expect((0...43).contains { x in (0...14).contains { y in drawn.bytes == window(x, y) } })
        #expect(throws: MediaError.self) { try size(.exact(width: 20, height: 20), .center(width: 21, height: 11)) }
        for bad in [
            FrameRequest.Resize.shortSide(0), .exact(width: -1, height: 5), .letterbox(width: 1 << 40, height: 2),
        ] {
            #expect(throws: MediaError.self) { try size(bad) }
        }
    }

    /// Seconds from the first frame, in a stream that begins at 1.4 s, one that begins before zero, and one at zero.
    @Test(arguments: ["mpeg2.ts", "negative.asf", "hidden.mp4"])
    func partsCountFromTheFirstFrame(name: String) throws {
        let (path, frames) = try all(name)
        let probe = Oracle.run(
            "ffprobe", ["-v", "quiet", "-show_entries", "frame=best_effort_timestamp_time", "-of", "csv=p=0", path])
        let first = try #require(probe.text.split(whereSeparator: { ",\n".contains($0) }).first.flatMap { Double($0) })
        #expect(abs(frames.times[0].seconds - first) < 1e-5)
        for isLong in [false, true] {
            func read(_ sampling: FrameRequest.Sampling, _ start: Double?, _ end: Double?) throws -> Frames {
                let reader = try VideoReader(path: path)
                if isLong { reader.longPixels = 0 }
                return try reader.read(
                    FrameRequest(
                        sampling: sampling, resize: .exact(width: 64, height: 44),
                        start: start.map { MediaTime(seconds: $0) }, end: end.map { MediaTime(seconds: $0) },
                        origin: .firstFrame))
            }
            let second = try read(.all, 0, 1)
            #expect(second.indices == Array(0..<25))
            #expect(second.times == Array(frames.times[0..<25]))
            #expect(try read(.all, 1, 1.2).indices == Array(25..<30))
            #expect(try read(.uniform(2), 0.4, 0.8).indices == [12, 17])
            #expect(try read(.times([MediaTime(seconds: 0.5), .zero]), nil, nil).indices == [0, 12])
            #expect(try read(.rate(5), 1, 2).indices == [25, 30, 35, 40, 45])
        }
        // What a predictor and a manifest's line ask for.
        let clip = ClipSpecification(frames: 5, height: 20, width: 20)
        let request = clip.evaluationRequest(start: .zero, end: MediaTime(seconds: 1))
        #expect(try VideoReader(path: path).read(request).indices == [2, 7, 12, 17, 22])
    }

    @Test func timesAreWhateverTheRange() throws {
        let (path, frames) = try all("bframes.mp4")
        let times = FrameRequest.Sampling.times([MediaTime(seconds: 0.2), MediaTime(seconds: 2)])
        try expect(path, frames, times, [5, 50], start: MediaTime(seconds: 1), end: MediaTime(seconds: 1.5))
        try expect(path, frames, times, [5, 50], end: MediaTime(seconds: 1.5))
    }

    /// Under `.hold` a long video is jumped in as well, and gives what a whole decode gives.
    @Test(arguments: ["bframes.mp4", "opengop.mkv", "vfr.mp4", "mpeg2.ts", "vp8.webm", "hidden.mp4"])
    func holdingIsTheSameByJumps(name: String) throws {
        let path = try #require(Generated.file(named: name))
        for sampling in [FrameRequest.Sampling.uniform(4), .random(3, seed: 8), .all, .rate(3)] {
            for start in [nil, MediaTime(value: 9, timescale: 10)] {
                let request = FrameRequest(
                    sampling: sampling, resize: .exact(width: 64, height: 44), damage: .hold, start: start,
                    origin: .firstFrame)
                let short = try VideoReader(path: path).read(request)
                let reader = try VideoReader(path: path)
                reader.longPixels = 0
                for _ in 0..<2 {
                    let long = try reader.read(request)
                    #expect(long.indices == short.indices && long.times == short.times, "\(sampling)")
                    #expect(long.bytes == short.bytes && long.damagedCount == 0, "\(sampling)")
                }
            }
        }
    }

    /// Where packets have no lengths, the last frame ends one frame's time after it begins.
    @Test func theEndIsThatOfTheLastFrame() throws {
        for name in ["mpeg4.avi", "opengop.mkv", "mpeg2.ts", "negative.mkv", "negative.asf", "raw.h264"] {
            let path = try #require(Generated.file(named: name))
            let all = try VideoReader(path: path).read(FrameRequest(resize: .shortSide(8)))
            let last = try #require(all.times.last)
            for isLong in [false, true] {
                let reader = try VideoReader(path: path)
                if isLong { reader.longPixels = 0 }
                let near = MediaTime(seconds: last.seconds + 0.03)
                #expect(try reader.frame(at: near, resize: .shortSide(8)).index == all.count - 1, "\(name) \(isLong)")
                let late = MediaTime(seconds: last.seconds + 0.1)
                #expect(throws: MediaError.self, "\(name) \(isLong)") { try reader.frame(at: late) }
            }
        }
    }

    @Test func senselessRequestsAreErrors() throws {
        let path = try #require(Generated.file(named: "sar.mp4"))
        for sampling: FrameRequest.Sampling in [
            .uniform(0), .uniform(.max), .rate(0), .rate(.nan), .rate(.infinity), .every(0), .random(-1, seed: 1),
        ] {
            #expect(throws: MediaError.self) { try VideoReader(path: path).read(FrameRequest(sampling: sampling)) }
        }
        let backwards = FrameRequest(start: MediaTime(seconds: 1), end: MediaTime(seconds: 1))
        #expect(throws: MediaError.self) { try VideoReader(path: path).read(backwards) }
        #expect(throws: MediaError.self) { try VideoReader(path: path).read(FrameRequest(), maximumBytes: 100_000) }
        // A part with nothing in it is no error.
        let nothing = try VideoReader(path: path).read(
            FrameRequest(sampling: .uniform(3), start: MediaTime(seconds: 100)))
        #expect(nothing.count == 0 && nothing.width == 256)
    }
}
