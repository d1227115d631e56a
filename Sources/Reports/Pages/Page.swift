internal import Media

/// A report: one file of HTML that needs nothing beside it, neither a network nor a script.
///
/// Light or dark as the reader's system is. Its own policy forbids to load anything and to run anything.
public struct Page: Sendable {
    /// A part of a page under a heading.
    public struct Section: Sendable {
        /// The heading; empty for none.
        public var title: String
        /// A sentence or two under it; empty for none.
        public var lead: String
        /// What the part holds.
        public var body: HTML

        public init(_ title: String, lead: String = "", body: HTML) {
            self.title = title
            self.lead = lead
            self.body = body
        }
    }

    /// How good the news is: what the summary is marked with.
    public enum Tone: String, Sendable, CaseIterable {
        case good, note, warning, error
    }

    /// What kind of page it is, above the title: "Dataset report".
    public var kind: String
    /// What it is about.
    public var title: String
    /// What it comes to, in a sentence.
    public var summary: String
    /// How good that is.
    public var tone: Tone
    /// What follows, from the most important.
    public var sections: [Section]
    /// What stands at the end: how the page was made.
    public var footer: String

    public init(
        kind: String, title: String, summary: String, tone: Tone = .note, sections: [Section] = [], footer: String = ""
    ) {
        self.kind = kind
        self.title = title
        self.summary = summary
        self.tone = tone
        self.sections = sections
        self.footer = footer
    }

    private struct Values: Sendable {
        struct Part: Sendable {
            var anchor: String
            var heading: String?
            var lead: String?
            var body: HTML
        }
        var style: HTML
        var kind: String
        var title: String
        var summary: String
        var tone: String
        var contents: [Part]?
        var parts: [Part]
        var footer: String?
    }

    /// The file's text.
    /// - Throws: `ReportError.template`.
    public func html() throws(ReportError) -> HTML {
        let parts = sections.enumerated().map { index, section in
            Values.Part(
                anchor: "part-\(index + 1)", heading: section.title.isEmpty ? nil : section.title,
                lead: section.lead.isEmpty ? nil : section.lead,
                body: section.body)
        }
        return try Self.template.render(
            Values(
                style: .rendered(Style.sheet), kind: kind, title: title, summary: summary, tone: tone.rawValue,
                contents: parts.count > 2 ? parts.filter { $0.heading != nil } : nil, parts: parts,
                footer: footer.isEmpty ? nil : footer))
    }

    /// Writes the page: to a temporary name, then renamed.
    /// - Throws: `ReportError.template`; `MediaError.unwritable` if the file cannot be written.
    public func write(to path: String) throws {
        let text = try html().text
        let file = try AtomicFile(path: path)
        try file.write(Array(text.utf8))
        try file.finish()
    }

    private static let template = Template(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'">
        <title>{{title}} - {{kind}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <header class="top">
        <p class="kind">{{kind}}</p>
        <h1>{{title}}</h1>
        <p class="summary {{tone}}">{{summary}}</p>
        {{#contents}}<a class="jump" href="#{{.anchor}}">{{.heading}}</a>{{/contents}}
        </header>
        <main>
        {{#parts}}
        <section id="{{.anchor}}">
        {{#.heading}}<h2>{{.}}</h2>{{/.heading}}
        {{#.lead}}<p class="lead">{{.}}</p>{{/.lead}}
        {{{.body}}}
        </section>
        {{/parts}}
        </main>
        {{#footer}}<footer>{{.}}</footer>{{/footer}}
        </body>
        </html>

        """)
}
