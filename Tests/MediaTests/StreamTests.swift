import Foundation
import Media
import Synchronization
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

    /// A thread that decodes holds its file open: when the stream is let go or cancelled, that ends.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd")))
    func threadsEndWithTheStream() throws {
        let bytes = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: try #require(Generated.file(named: "bframes.mp4")))))
        let path = try Generated.write(bytes, as: "watched.mp4")
        func opened() -> Int {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return all.count {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?
                    .hasSuffix("/watched.mp4") == true
            }
        }
        var streams = try (0..<4).map { _ in
            let stream = FrameStream(path: path, capacity: 1)
            _ = try stream.next()
            return stream
        }
        #expect(opened() == 4)
        streams[3].cancel()
        #expect(eventually { opened() == 3 })
        #expect(try streams[3].next() == nil && streams[0].next() != nil)
        streams = []
        #expect(eventually { opened() == 0 })
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
}

/// Elements are made ahead, in order, and no thread outlives who takes them.
@Suite struct PrefetchTests {
    @Test func elementsComeInOrderAndNotTooFarAhead() {
        let made = Mutex((now: 0, most: 0))
        let taken = Mutex(0)
        let elements = Prefetch(count: 200, threads: 4, ahead: 3) { index in
            made.withLock { made in
                made.now = max(made.now, index + 1)
                made.most = max(made.most, made.now - taken.withLock { $0 })
            }
            return index * index
        }
        for index in 0..<200 {
            #expect(elements.next() == index * index)
            taken.withLock { $0 = index + 1 }
        }
        #expect(elements.next() == nil)
        // One more may begin between an element's being taken and being counted here.
        #expect(made.withLock { $0.most } <= 4)
        #expect(Prefetch(count: 0, threads: 2, ahead: 2) { $0 }.next() == nil)
    }

    /// What makes the elements lives as long as a thread that runs it.
    @Test func threadsEndWithTheTaker() {
        final class Token: Sendable {}
        func start(_ count: Int) -> (Prefetch<Int>, () -> Bool) {
            let token = Token()
            let elements = Prefetch(count: count, threads: 3, ahead: 4) { index in withExtendedLifetime(token) { index }
            }
            return (elements, { [weak token] in token == nil })
        }
        var (elements, isOver): (Prefetch<Int>?, () -> Bool) = start(1000)
        #expect(elements?.next() == 0)
        usleep(50_000)
        // They wait for the taker.
        #expect(!isOver())
        elements = nil
        #expect(eventually(isOver))
        // All made: they end by themselves.
        (elements, isOver) = start(3)
        for index in 0..<3 { #expect(elements?.next() == index) }
        #expect(eventually(isOver))
        withExtendedLifetime(elements) {}
    }
}

/// Whether something comes true within 20 seconds.
func eventually(_ isTrue: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(20)
    while !isTrue() {
        if Date() > deadline { return false }
        usleep(2000)
    }
    return true
}

/// Memory of this process that is in use, in MiB; 0 where the system does not say.
func residentMiB() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return line.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.first.map { $0 >> 10 } ?? 0
}
