import Foundation
import HTTPTypes
import Testing

import Server

@Suite struct PartsTests {
    @Test func byteRanges() {
        let size = 1000
        let parts: [(String, ClosedRange<Int>)] = [
            ("bytes=0-99", 0...99), ("bytes=990-2000", 990...999), ("bytes=-100", 900...999), ("bytes=-5000", 0...999),
            ("bytes=999-999", 999...999), ("bytes=0-", 0...999),
        ]
        for (header, range) in parts { #expect(ByteRange(header, size: size) == .part(range), "\(header)") }
        for header in ["bytes=-0", "bytes=1000-", "bytes=99999999999999999999-"] {
            #expect(ByteRange(header, size: size) == .none, "\(header)")
        }
        // What is no range, or several of them, is passed over (RFC 9110, 14.2).
        let others = ["bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "lines=0-5", "bytes=0-5,10-15", "bytes=+1-5", ""]
        for header in others { #expect(ByteRange(header, size: size) == .all, "\(header)") }
        #expect(ByteRange(nil, size: size) == .all)
        #expect(ByteRange("bytes=0-", size: 0) == .none)
    }

    @Test func nothingOutsideTheLibrary() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "sora-library-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        let root = place + "/library"
        for folder in [root + "/films", place + "/library-of-others"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        for file in ["/library/films/a.mp4", "/library-of-others/b.mp4", "/c.mp4"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: place + file))
        }
        try FileManager.default.createSymbolicLink(atPath: root + "/out.mp4", withDestinationPath: place + "/c.mp4")
        try FileManager.default.createSymbolicLink(atPath: root + "/in.mp4", withDestinationPath: root + "/films/a.mp4")
        let library = try Library(root)
        #expect(try library.resolve("films/a.mp4").hasSuffix("/library/films/a.mp4"))
        #expect(try library.resolve("in.mp4").hasSuffix("/library/films/a.mp4"))
        #expect(try library.resolve("films/../films/a.mp4").hasSuffix("/library/films/a.mp4"))
        #expect(try library.resolve("") == library.root)
        for path in [
            "../c.mp4", "films/../../c.mp4", "out.mp4", "../library-of-others/b.mp4", "missing.mp4",
            "films/a.mp4\0.txt",
            place + "/c.mp4", "/etc/passwd",
        ] {
            #expect(throws: Failure.self) { try library.resolve(path) }
        }
        #expect(!library.holds(place + "/library-of-others/b.mp4") && !library.holds(root + "/out.mp4"))
        #expect(library.name(of: root + "/films/a.mp4") == "films/a.mp4")
        #expect(library.name(of: place + "/c.mp4") == "c.mp4")
        #expect(throws: ServerError.self) { try Library(place + "/c.mp4") }
    }

    @Test func whoIsLocal() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080", "[::1]", "127.4.5.6"] {
            #expect(Access<TestContext>.isLocal(host), "\(host)")
        }
        for host in ["", "example.org", "localhost.example.org", "127.0.0.1.example.org", "[::2]", "10.0.0.1:80"] {
            #expect(!Access<TestContext>.isLocal(host), "\(host)")
        }
    }

    @Test func othersNeedAToken() {
        var options = ServerOptions(index: "", library: "")
        #expect(throws: Never.self) { try options.validate() }
        options.host = "0.0.0.0"
        #expect(throws: ServerError.self) { try options.validate() }
        options.token = "short"
        #expect(throws: ServerError.self) { try options.validate() }
        options.token = "0123456789abcdef"
        #expect(throws: Never.self) { try options.validate() }
        options.token = "0123456789;abcdef"
        #expect(throws: ServerError.self) { try options.validate() }
    }

    /// So many may wait; the next is turned away at once, and who waited too long is not begun.
    @Test func lanesTurnAway() async throws {
        let lane = WorkLane("test", 7, room: 2, seconds: 0.2)
        let (begun, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let first = lane.run { tools, _ in
            begun.signal()
            release.wait()
            return tools
        }
        await Self.wait(begun)
        async let second = lane.run { tools, _ in tools }
        while lane.waiting < 2 { try await Task.sleep(for: .milliseconds(5)) }
        await #expect(throws: Failure.self) { try await lane.run { tools, _ in tools } }
        try await Task.sleep(for: .milliseconds(300))
        release.signal()
        #expect(try await first == 7)
        do {
            _ = try await second
            Issue.record("it was begun after its time")
        } catch let failure as Failure {
            #expect(failure.status == .serviceUnavailable && failure.retryAfter != nil)
        }
        #expect(try await lane.run { tools, _ in tools } == 7)
    }

    private static func wait(_ semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }

    @Test func metricsAreWhatPrometheusReads() {
        let metrics = Metrics()
        metrics.count(route: "GET /api/health", status: 200, seconds: 0.02)
        metrics.count(route: "GET /api/health", status: 200, seconds: 3)
        metrics.count(route: "GET /api/health", status: 503, seconds: 0.001)
        let lines = metrics.text([("sora_videos", "Videos of the index.", 4)]).split(separator: "\n").map(String.init)
        for line in [
            #"sora_requests_total{route="GET /api/health",status="200"} 2"#,
            #"sora_request_seconds_bucket{route="GET /api/health",le="0.025"} 2"#,
            #"sora_request_seconds_bucket{route="GET /api/health",le="+Inf"} 3"#,
            #"sora_request_seconds_count{route="GET /api/health"} 3"#, "# TYPE sora_videos gauge", "sora_videos 4.0",
        ] { #expect(lines.contains(line), "\(line)") }
    }
}
