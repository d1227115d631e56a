import Foundation
import Media
import Testing

/// Broken files: any outcome is right but a crash, a hang, growth without bound, or an error that is not a `MediaError`.
///
/// `SORA_FUZZ_SEED` and `SORA_FUZZ_SECONDS` in the environment make it another run, or a longer one.
@Suite(.serialized, .enabled(if: Oracle.isAvailable, "needs the ffmpeg command: make deps"))
struct FuzzTests {
    static let names = [
        "bframes.mp4", "opengop.mkv", "mpeg2.ts", "mpeg4.avi", "vp8.webm", "vp9.webm", "still.gif", "fragmented.mp4",
        "many.flv", "theora.ogv", "mpeg2.mpg", "alpha.mov", "opengop_hevc.mp4", "hidden.mp4", "negative.asf",
        "chunks.mov", "intra.mkv", "jump.mkv", "vfr.mp4",
    ]

    @Test func brokenFilesAreErrorsOrVideos() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["SORA_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_240_611
        let seconds = environment["SORA_FUZZ_SECONDS"].flatMap { Double($0) } ?? 20
        var random = Lehmer(state: seed)
        let sources = try Self.names.compactMap { name in
            try Generated.file(named: name).map { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) }
        }
        let start = Date()
        var (runs, failures) = (0, 0)
        let memory = residentMiB()
        while Date().timeIntervalSince(start) < seconds {
            var bytes = sources[runs % sources.count]
            switch random.below(4) {
            case 0: bytes = Array(bytes.prefix(1 + random.below(bytes.count)))
            case 1: for _ in 0...random.below(40) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            case 2:
                // The header, where lengths and counts are.
                for _ in 0...random.below(12) {
                    bytes[random.below(min(bytes.count, 1500))] ^= 1 << UInt8(random.below(8))
                }
            default:
                // The tail, where MP4 keeps its tables.
                let span = min(bytes.count, 2500)
                for _ in 0...random.below(12) { bytes[bytes.count - 1 - random.below(span)] = UInt8(random.below(256)) }
            }
            let path = try Generated.write(bytes, as: "fuzz.bin")
            let began = Date()
            let way = random.below(9)
            do { try exercise(path, way) } catch is MediaError { failures += 1 }
            let took = Date().timeIntervalSince(began)
            #expect(took < 15, "run \(runs) of seed \(seed), way \(way), took \(took) s")
            // A header may claim pictures of 64 megapixels, of which a decoder keeps several; other tests run beside.
            #expect(residentMiB() - memory < 2000, "after run \(runs) of seed \(seed), way \(way)")
            runs += 1
        }
        print("fuzz: \(runs) files from seed \(seed), \(failures) refused")
        #expect(runs > 20)
    }

    private func exercise(_ path: String, _ way: Int) throws {
        if way == 8 {
            let stream = FrameStream(
                path: path, request: FrameRequest(sampling: .every(2), resize: .shortSide(16), damage: .hold))
            for _ in 0..<40 where try stream.next() == nil { break }
            return
        }
        if way == 7 {
            let info = try MediaInfo(probing: path, countFrames: true)
            #expect(!info.frameCountIsExact || info.frameCount ?? 0 > 0)
            return
        }
        let reader = try VideoReader(path: path)
        let second = MediaTime(seconds: 0.4)
        switch way {
        case 3:
            _ = try reader.read(
                FrameRequest(
                    sampling: .rate(12), resize: .exact(width: 16, height: 16), damage: .hold, start: second,
                    origin: .firstFrame), maximumBytes: 256 << 20)
        case 4:
            reader.longPixels = 0
            let times = [1.1, 0, 0.5, 0.5].map { MediaTime(seconds: $0) }
            _ = try reader.read(FrameRequest(sampling: .times(times), resize: .shortSide(16), damage: .skip))
        case 5:
            reader.longPixels = 0
            let part = FrameRequest(
                sampling: .random(4, seed: 9), resize: .shortSide(16), damage: .hold, start: second)
            let frames = try reader.read(part)
            #expect(frames.count == 4 || frames.count == 0)
            // Again, with what the first read has learned. In a broken file that may be other frames: the first may have
            // trusted packets that the second finds wrong.
            let again = try reader.read(part)
            #expect(again.count == 4 || again.count == 0)
        case 6:
            _ = try reader.read(
                FrameRequest(sampling: .keyFrames, resize: .shortSide(16), damage: .raise, end: second))
        case 0:
            _ = try reader.read(
                FrameRequest(sampling: .uniform(3), resize: .letterbox(width: 32, height: 20), damage: .hold))
        case 1:
            reader.longPixels = 0
            _ = try reader.frame(at: 5, resize: .shortSide(16))
            _ = try reader.frame(at: MediaTime(seconds: 0.3), resize: .shortSide(16))
        default:
            var count = 0
            _ = try reader.forEachFrame(FrameRequest(sampling: .every(4), resize: .shortSide(16))) { _ in
                count += 1
                return count < 40
            }
        }
    }
}

/// A small generator, so that a failing run can be had again from its seed.
struct Lehmer {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(1, bound)))
    }
}
