import Foundation
import Media
import Reports
import Testing

/// Clips that play, with a bar for each frame.
@Suite struct ExplainedTests {
    /// The movie within the page is one that can be read again, frame for frame.
    @Test func theMovieIsAVideo() throws {
        let bytes = (0..<5 * 32 * 48 * 3).map { UInt8(truncatingIfNeeded: $0 / 3 * 7) }
        let times = (0..<5).map { MediaTime(value: Int64($0), timescale: 10) }
        let movie = try Movie(Frames(height: 32, width: 48, bytes: bytes, times: times), rate: 4)
        let parts = movie.text.split(separator: ",", maxSplits: 1)
        let kinds = ["data:video/mp4;base64": "mp4", "data:video/webm;base64": "webm", "data:image/gif;base64": "gif"]
        let suffix = try #require(kinds[String(parts[0])])
        let path = NSTemporaryDirectory() + "sora-movie-\(UUID().uuidString).\(suffix)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try #require(Data(base64Encoded: String(parts[1]))).write(to: URL(fileURLWithPath: path))
        let reader = try VideoReader(path: path)
        let frames = try reader.read(FrameRequest(sampling: .all))
        #expect(frames.count == 5 && frames.width == 48 && frames.height == 32)
        #expect(movie.player(alternative: "a \"clip\"").text.contains("a &quot;clip&quot;"))
        #expect(throws: MediaError.self) { try Movie(Frames(height: 4, width: 4)) }
    }

    @Test func barsGoUpAndDown() throws {
        let clip = ExplainedClip(
            path: "<i>.mp4", label: "called <b>", remark: "is \"x\"", frames: [0.5, -0.25, 0, .nan], caption: "<c>")
        let text = HTML.explained([clip]).text
        #expect(!text.contains("<i>") && !text.contains("called <b>") && text.contains("aria-label=\"&lt;c&gt;\""))
        // Of half the height at most: the largest up from the middle, half of it down.
        let bars = text.matches(of: /<rect [^>]*y="([0-9.]+)%"[^>]*height="([0-9.]+)%"/).map {
            [$0.1, $0.2].map(String.init)
        }
        #expect(bars == [["0.00", "50.00"], ["50.00", "25.00"], ["50.00", "0.00"], ["50.00", "0.00"]])
        #expect(text.contains("class=\"blank\""))
    }
}
