import Foundation
import Media
import Testing

@Suite(.serialized, .enabled(if: Oracle.isAvailable, "needs the ffmpeg command: make deps"))
struct StreamTests {
    @Test func givesWhatTheReaderGives() throws {
        let path = try #require(Generated.file(named: "bframes.mp4"))
        let request = FrameRequest(sampling: .every(3), resize: .shortSide(20), crop: .five(width: 16, height: 16))
        let read = try VideoReader(path: path).read(request)
        let stream = FrameStream(path: path, request: request, capacity: 2)
        var bytes: [UInt8] = []
        var indices: [Int] = []
        while let frame = try stream.next() {
            bytes += frame.bytes
            indices.append(frame.index)
        }
        #expect(bytes == read.bytes && indices == read.indices && stream.damagedCount == 0)
        #expect(try stream.next() == nil)
    }

    @Test func failsWhereTheReaderFails() {
        #expect(throws: MediaError.self) { try FrameStream(path: "/no/such/file.mp4").next() }
    }

    @Test func stopsWhenLetGo() throws {
        let path = try #require(Generated.file(named: "bframes.mp4"))
        for _ in 0..<20 { #expect(try FrameStream(path: path, capacity: 1).next() != nil) }
        let stream = FrameStream(path: path)
        _ = try stream.next()
        stream.cancel()
        #expect(try stream.next() == nil)
    }

    /// Eight times the length, the same memory.
    @Test func memoryDoesNotGrowWithLength() throws {
        let path = Generated.folder.appendingPathComponent("long.mp4").path
        Oracle.run(
            "ffmpeg",
            [
                "-v", "quiet", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=120", "-c:v",
                "libx264",
                "-preset", "ultrafast", path,
            ])
        let stream = FrameStream(path: path, request: FrameRequest(), capacity: 4)
        var early = 0
        var count = 0
        while try stream.next() != nil {
            count += 1
            if count == 400 { early = residentMiB() }
        }
        #expect(count == 3000)
        // 3000 frames of 320x180 are 494 MiB; other tests of the run may add a little meanwhile.
        #expect(residentMiB() - early < 150)
    }

    private func residentMiB() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.first.map { $0 >> 10 } ?? 0
    }
}
