import Foundation
import Media
import Testing

/// The same as over the corpus, over videos made here, one for each thing that can go wrong.
@Suite(.serialized, .enabled(if: Oracle.isAvailable, "needs the ffmpeg command: make deps"))
struct GeneratedTests {
    @Test(arguments: Generated.recipes)
    func decodesAsFFmpegDoes(recipe: Generated.Recipe) throws {
        guard let path = Generated.file(recipe) else {
            print("\(recipe.name): this ffmpeg cannot make it; skipped")
            return
        }
        try compareWithOracle(path, limit: 200)
        let expected = try sequence(path, limit: 200)
        #expect(!expected.frames.isEmpty)
        try compareAccess(path, expected, decodesFirst: true)
        try compareAccess(path, expected, decodesFirst: false)
    }

    /// The files are what their names say.
    @Test func timesAreWhatTheRecipesAreFor() throws {
        for name in ["negative.mkv", "negative.asf"] {
            let reader = try VideoReader(path: try #require(Generated.file(named: name)))
            #expect(try reader.advance()?.time == MediaTime(value: -1, timescale: 1), "\(name)")
        }
        let hidden = try VideoReader(path: try #require(Generated.file(named: "hidden.mp4")))
        let probe = Oracle.run(
            "ffprobe", ["-v", "quiet", "-show_entries", "packet=flags", "-of", "csv=p=0", hidden.path])
        #expect(probe.text.split(separator: "\n").contains { $0.contains("D") })
        #expect(try hidden.read(FrameRequest(resize: .shortSide(8))).count == 60)
    }

    /// Equal steps are constant in any time base, and unequal ones are not.
    @Test func variableRatesAreTold() throws {
        let hundredths = (0..<40).map { Int64((Double($0) * 100 / 30).rounded()) }
        let milliseconds = (0..<400).map { Int64(Double($0) * 1001 / 30) }
        for times in [hundredths, milliseconds, (0..<9).map { Int64($0) * 3003 }, [0, 1, 2], [5], []] {
            #expect(!MediaInfo.isVariable(times))
        }
        // 12.5 and 25 frames a second in turn, in hundredths and in twenty-fifths of a second.
        #expect(MediaInfo.isVariable([0, 8, 12, 20, 24, 32, 36, 44, 48, 56]))
        #expect(MediaInfo.isVariable([0, 2, 3, 5, 6, 7, 8, 10, 14, 15, 16]))
        #expect(MediaInfo.isVariable([0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12]))
        #expect(MediaInfo.isVariable([0, 3003, 6006, 12012, 15015, 18018, 21021]))
        #expect(!MediaInfo.isVariable([.min, 0, .max]))
        let gif = Generated.folder.appendingPathComponent("uneven.gif").path
        Oracle.run(
            "ffmpeg",
            [
                "-v", "quiet", "-y", "-f", "lavfi", "-i", "testsrc2=size=40x30:rate=50:duration=2", "-vf",
                "select='not(mod(n,3))+not(mod(n,4))'", "-vsync", "vfr", gif,
            ])
        #expect(try MediaInfo(probing: gif, countFrames: true).variableRate)
    }

    /// Pictures as shown, against `ffmpeg`'s own turning, for all eight display matrices.
    @Test(arguments: [
        [1, 0, 0, 1], [-1, 0, 0, 1], [1, 0, 0, -1], [-1, 0, 0, -1], [0, 1, -1, 0], [0, -1, 1, 0], [0, 1, 1, 0],
        [0, -1, -1, 0],
    ])
    func turnsAsFFmpegDoes(matrix: [Int32]) throws {
        let path = try #require(Generated.file(named: "limited601.mp4"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let header = try #require(bytes.firstRange(of: Array("tkhd".utf8)))
        // Version 0: the matrix lies 40 bytes into the box's body.
        for (place, value) in zip([0, 1, 3, 4], matrix) {
            let at = header.upperBound + 40 + place * 4
            let fixed = UInt32(bitPattern: value << 16)
            bytes.replaceSubrange(at..<at + 4, with: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: fixed >> $0) })
        }
        let turned = try Generated.write(bytes, as: "turned\(matrix).mp4")
        let ours = try VideoReader(path: turned).read(FrameRequest(sampling: .uniform(2)))
        let theirs = Oracle.run(
            "ffmpeg",
            [
                "-v", "quiet", "-i", turned, "-vf", "select='eq(n,6)+eq(n,18)',format=rgb24", "-vsync", "passthrough",
                "-f",
                "rawvideo", "-",
            ])
        #expect(ours.indices == [6, 18])
        #expect(ours.bytes == [UInt8](theirs.output))
    }

    @Test(arguments: ["-dash.mp4", "a:b.mp4", "100%d.mp4", "quo'te \"é.mp4", "http:x.mp4"])
    func namesAreOnlyNames(name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try #require(Generated.file(named: "sar.mp4")))))
        let path = try Generated.write(bytes, as: name)
        let info = try MediaInfo(probing: path, countFrames: true)
        #expect(info.frameCount == 25)
        #expect(info.displaySize == MediaInfo.Size(width: 256, height: 100))
    }

    /// A container whose rate is that of its clock: the count is an estimate and called so, and counted frames correct it.
    @Test(.enabled(if: sharedData != nil)) func countedFramesCorrectTheRate() throws {
        let path = try #require(sharedData?.appendingPathComponent("videos/flv.flv").path)
        let stated = try MediaInfo(probing: path)
        #expect(stated.frameCountIsEstimate && !stated.frameCountIsExact)
        let counted = try MediaInfo(probing: path, countFrames: true)
        #expect(counted.frameCount == 30 && counted.frameCountIsExact && !counted.frameCountIsEstimate)
        // ffprobe -show_entries frame=pts_time: from 0.067 to 1.034.
        #expect(abs(counted.averageRate.value - 29 / 0.967) < 0.01)
    }

    @Test func describesAsProbed() throws {
        let vfr = try MediaInfo(probing: try #require(Generated.file(named: "vfr.mp4")), countFrames: true)
        #expect(vfr.variableRate && vfr.frameCountIsExact)
        let plain = try MediaInfo(probing: try #require(Generated.file(named: "bframes.mp4")))
        #expect(!plain.variableRate && plain.codec == "h264" && plain.frameCount == 75 && !plain.hasAudio)
        #expect(plain.codedSize == MediaInfo.Size(width: 178, height: 102))
        #expect(plain.averageRate == MediaInfo.Ratio(25, 1) && plain.duration == MediaTime(value: 3, timescale: 1))
        let ten = try MediaInfo(probing: try #require(Generated.file(named: "tenbit.mp4")))
        #expect(ten.bitDepth == 10 && ten.pixelFormat == "yuv420p10le")
        let full = try MediaInfo(probing: try #require(Generated.file(named: "full709.mp4")))
        #expect(full.colorSpace == "bt709" && full.colorRange == "pc")
        #expect(!plain.frameCountIsEstimate)
        let again = try JSONDecoder().decode(MediaInfo.self, from: JSONEncoder().encode(full))
        #expect(again.displaySize == full.displaySize && again.streams == full.streams)
    }
}
