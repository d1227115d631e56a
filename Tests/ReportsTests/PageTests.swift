import Foundation
import Media
import Reports
import Testing

/// What a file's name may hold, at its worst.
let hostile = "<script>alert(1)</script>\" onerror='x'&amp;{{title}}.mp4"

@Suite struct EscapingTests {
    @Test func theFiveCharacters() {
        #expect(HTML(escaping: "a<b>&\"c'").text == "a&lt;b&gt;&amp;&quot;c&#39;")
        let cell: HTML = "<td>\("<i>")</td>\(7)\(HTML.paragraph("&"))"
        #expect(cell.text == "<td>&lt;i&gt;</td>7<p>&amp;</p>")
    }

    /// `"` and a combining accent are one character of Swift's, and end an attribute all the same.
    @Test func aQuoteWithAnAccentIsStillAQuote() throws {
        struct Values: Sendable { var name = "\"\u{301} onload=\u{3C}\u{338}" }
        let rendered = try Template("[{{name}}]").render(Values())
        #expect(rendered.text.hasSuffix("[&quot;\u{301} onload=&lt;\u{338}]"))
    }

    @Test func whatNoPageMayHold() {
        #expect(HTML(escaping: "a\0b\u{1B}[1m\u{202E}fdp\u{85}").text == "a\u{FFFD}b\u{FFFD}[1m\u{FFFD}fdp\u{FFFD}")
        #expect(HTML(escaping: "a\tb\n日本 🎾").text == "a\tb\n日本 🎾")
    }

    @Test func templatesThatAreNone() {
        struct Values: Sendable {}
        #expect(throws: ReportError.self) { try Template("{{#open}}").render(Values()) }
    }

    /// A hostile text in every place that takes one comes out as text.
    @Test func everyPlaceEscapes() throws {
        let picture = try DataURI(jpeg: Frames.test(1, width: 16, height: 8))
        let card = ClipCard(path: hostile, picture: picture, label: hostile, remark: hostile)
        var parts: [HTML] = []
        parts.append(.tiles([Tile(hostile, hostile, remark: hostile)]))
        parts.append(.paragraph(hostile))
        parts.append(.clips([card]))
        parts.append(.pairs([ClipPair(hostile, remark: hostile, first: card, second: ClipCard(path: hostile))]))
        parts.append(.more(3, of: hostile))
        parts.append(.files([(path: hostile, remark: hostile)]))
        parts.append(try HTML.findings([Finding(.error, hostile, advice: hostile, body: .paragraph(hostile))]))
        parts.append(Chart.bars(hostile, remark: hostile, [Chart.Bar(hostile, 1, label: hostile)]))
        parts.append(Chart.histogram(hostile, [1, 2, 3], axis: hostile))
        let lines = [Chart.Series(hostile, values: [1, 2]), Chart.Series(hostile, values: [2, 1])]
        parts.append(Chart.lines(hostile, lines, axis: hostile))
        parts.append(Table.plain(head: [hostile], rows: [[hostile]]))
        parts.append(Table.heat(rows: [hostile], columns: [hostile], values: [[1]], corner: hostile))
        let page = Page(
            kind: hostile, title: hostile, summary: hostile, tone: .error,
            sections: parts.map { Page.Section(hostile, lead: hostile, body: $0) }, footer: hostile)
        let text = try page.html().text
        let shown = "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&#39;x&#39;&amp;amp;{{title}}.mp4"
        #expect(text.components(separatedBy: shown).count - 1 > 50)
        #expect(!text.lowercased().contains("<script") && !text.contains("\" onerror") && !text.contains("'x'"))
        // What is left once the escaped text is taken out is markup whose tags close each other.
        #expect(text.components(separatedBy: "<section").count == text.components(separatedBy: "</section>").count)
    }
}

@Suite struct PageTests {
    @Test func aPageNeedsNothingBesideIt() throws {
        let picture = try DataURI(strip: Frames.test(4, width: 20, height: 12))
        #expect((picture.width, picture.height) == (4 * 22 + 2, 16))
        let sections = ["One", "Two", "Three"].map { title in
            Page.Section(title, body: .clips([ClipCard(path: "a.mp4", picture: picture)]))
        }
        let page = Page(
            kind: "Dataset report", title: "clips", summary: "Nothing is wrong.", tone: .good, sections: sections)
        let text = try page.html().text
        #expect(text.contains("<!doctype html>") && text.contains("summary good") && !text.contains("<footer>"))
        #expect(text.contains("href=\"#part-3\"") && text.contains("id=\"part-3\""))
        // All pictures are in it, and nothing is loaded: the only addresses are data and places on the page.
        for match in text.matches(of: /(?:src|href)="([^"]*)"/) {
            #expect(match.1.hasPrefix("data:image/jpeg;base64,") || match.1.hasPrefix("#"))
        }
        #expect(!text.contains("url(") && !text.contains("@import") && !text.contains("http:"))
    }

    @Test func aPageIsWrittenWholeOrNotAtAll() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let page = Page(kind: "Report", title: "t", summary: "s")
        try page.write(to: folder + "/page.html")
        #expect(try String(contentsOfFile: folder + "/page.html", encoding: .utf8) == page.html().text)
        #expect(throws: MediaError.self) { try page.write(to: folder + "/none/page.html") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["page.html"])
    }
}

extension Frames {
    /// Frames in which everything differs a little.
    static func test(_ count: Int, width: Int, height: Int) -> Frames {
        Frames(
            height: height, width: width,
            bytes: (0..<count * width * height * 3).map { UInt8(truncatingIfNeeded: $0 / 3 * 7) },
            times: (0..<count).map { MediaTime(value: Int64($0), timescale: 10) })
    }
}
