import Foundation
import Media
import Testing

/// Files that cannot be used say so: which file, what is wrong, what to do.
@Suite(.serialized) struct FailureTests {
    private func failure(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) -> MediaError? {
        do {
            _ = try VideoReader(path: path).read(FrameRequest(sampling: .uniform(2)))
            Issue.record("\(path) was read", sourceLocation: sourceLocation)
            return nil
        } catch let error as MediaError {
            #expect(error.path == path && error.description.hasPrefix(path) && !error.remedy.isEmpty)
            return error
        } catch {
            Issue.record("not a MediaError: \(error)")
            return nil
        }
    }

    @Test func whatIsNoVideo() throws {
        #expect(failure("/no/such/file.mp4")?.code == .unreadable)
        #expect(failure("")?.code == .unreadable)
        #expect(failure(Generated.folder.path)?.message.contains("folder") == true)
        #expect(failure(try Generated.write([], as: "empty.mp4"))?.message.contains("empty") == true)
        #expect(failure(try Generated.write(Array("hello\n".utf8), as: "text.mp4"))?.code == .unsupported)
        #expect(
            failure(try Generated.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }, as: "noise.mp4"))?
                .code == .unsupported)
        #expect(failure("/dev/zero")?.message.contains("regular") == true)
        let playlist = Array("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n".utf8)
        #expect(failure(try Generated.write(playlist, as: "list.m3u8"))?.code == .unsupported)
        // Refused for what it is, before anything that it names is looked for.
        let list = Array("ffconcat version 1.0\nfile nosuch.mp4\n".utf8)
        #expect(failure(try Generated.write(list, as: "list.mp4"))?.message.contains("text") == true)
    }

    @Test(.enabled(if: Oracle.isAvailable)) func soundAndStills() throws {
        let sound = Generated.folder.appendingPathComponent("sound.m4a").path
        Oracle.run("ffmpeg", ["-v", "quiet", "-y", "-f", "lavfi", "-i", "sine=duration=1", sound])
        #expect(failure(sound)?.code == .noVideo)
        let still = Generated.folder.appendingPathComponent("still.png").path
        Oracle.run(
            "ffmpeg", ["-v", "quiet", "-y", "-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "1", still])
        #expect(failure(still)?.message.contains("image") == true)
        let cover = Generated.folder.appendingPathComponent("cover.mp3").path
        Oracle.run(
            "ffmpeg",
            [
                "-v", "quiet", "-y", "-i", sound, "-i", still, "-map", "0", "-map", "1", "-c:v", "png",
                "-disposition:v",
                "attached_pic", cover,
            ])
        let error = failure(cover)
        #expect(error?.code == .noVideo && error?.message.contains("coverArt") == true)
        if let encrypted = sharedVideos.first(where: { $0.hasSuffix("cenc_short.mp4") }) {
            #expect(failure(encrypted)?.message.contains("encrypted") == true)
        }
    }

    /// A slice of the data zeroed: what each policy makes of it.
    @Test(.enabled(if: Oracle.isAvailable)) func damagePolicies() throws {
        let path = try #require(Generated.file(named: "bframes.mp4"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let data = try #require(bytes.firstRange(of: Array("mdat".utf8))).upperBound
        for place in 0..<6 { for byte in 0..<40 { bytes[data + 30_000 + place * 3_000 + byte] ^= 0x5A } }
        let damaged = try Generated.write(bytes, as: "damaged.mp4")
        let size = FrameRequest.Resize.exact(width: 32, height: 18)
        // One thread: concealment is not repeatable with more.
        let skip = try VideoReader(path: damaged, threads: 1).read(FrameRequest(resize: size, damage: .skip))
        let hold = try VideoReader(path: damaged, threads: 1).read(FrameRequest(resize: size, damage: .hold))
        #expect(skip.damagedCount > 0 && skip.damagedCount == hold.damagedCount)
        #expect(hold.count == 75 && skip.count == 75 - skip.damagedCount)
        #expect(throws: MediaError.self) {
            try VideoReader(path: damaged).read(FrameRequest(resize: size, damage: .raise))
        }
        let lost = Set(hold.indices.indices).subtracting(skip.times.compactMap { hold.times.firstIndex(of: $0) })
        for place in lost where place > 0 {
            #expect(hold.bytes[hold.byteRange(of: place)] == hold.bytes[hold.byteRange(of: place - 1)])
        }
        // The samples of a damaged video are as many as asked, and none is damaged.
        let sampled = try VideoReader(path: damaged, threads: 1).read(
            FrameRequest(sampling: .uniform(10), resize: size))
        #expect(sampled.count == 10 && sampled.indices.allSatisfy { skip.indices.contains($0) })
    }

    @Test(.enabled(if: Oracle.isAvailable)) func truncated() throws {
        let path = try #require(Generated.file(named: "opengop.mkv"))
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for part in [10, 40, 90] {
            let cut = try Generated.write(Array(bytes.prefix(bytes.count * part / 100)), as: "cut\(part).mkv")
            try compareWithOracle(cut, limit: 200)
            let expected = try sequence(cut, limit: 200)
            try compareAccess(cut, expected, decodesFirst: true)
        }
    }
}
