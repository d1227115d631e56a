import Foundation
import Testing

import Server

/// The page as a browser shows it, where there is one.
@Suite(.serialized) struct PageTests {
    static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What the page has come to some seconds after it was opened.
    private static func document(_ address: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: browser ?? "")
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", "--window-size=1200,900",
            "--dump-dom",
            address,
        ]
        // By way of a file: reading from a pipe fails where a signal comes in between.
        let place = FileManager.default.temporaryDirectory.appending(path: "sora-page-\(UUID().uuidString).html")
        try Data().write(to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let output = try FileHandle(forWritingTo: place)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try output.close()
        return try String(contentsOf: place, encoding: .utf8)
    }

    /// Cards that are shown: beside them there is the one that they are made from.
    private static func cards(in page: String) -> Int { count("<li class=\"card\">", in: page) - 1 }

    private static func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    @Test(.enabled(if: browser != nil)) func theLibraryIsListed() async throws {
        let server = try await LiveServer.shared.value
        let page = try Self.document(server.url + "/#library")
        #expect(Self.cards(in: page) == 12)
        #expect(page.contains("12 videos") && page.contains("move-left/002.mp4"))
        #expect(page.contains("id=\"notice\" role=\"alert\" hidden"))
    }

    @Test(.enabled(if: browser != nil)) func anAddressSearches() async throws {
        let server = try await LiveServer.shared.value
        let list = try await server.ask("/api/videos?path=grow/001")
        let id = try #require((list.object["videos"] as? [[String: Any]])?.first?["id"] as? Int)
        let page = try Self.document(server.url + "/#search?video=\(id)&from=0.2&to=1.6")
        #expect(page.contains("searching from 0:00.2 to 0:01.6"))
        #expect(Self.cards(in: page) > 3)
        #expect(page.contains("the likeliest first"))
    }

    @Test(.enabled(if: browser != nil)) func segmentsToLabelAreShown() async throws {
        let server = try await LiveServer.shared.value
        let page = try Self.document(server.url + "/#labels")
        #expect(Self.cards(in: page) == 6)
        #expect(page.contains("No segment has a label yet."))
    }

    @Test(.enabled(if: browser != nil)) func aLockedServerAsksForItsToken() async throws {
        let server = try await LiveServer.locked.value
        let page = try Self.document(server.url + "/")
        #expect(page.contains("<form id=\"login\">"))
        #expect(page.contains("the server wants its token"))
    }
}
