/// Something found: how grave it is, what it is, what to do about it, and where.
public struct Finding: Sendable {
    /// How grave it is.
    public var tone: Page.Tone
    /// What was found, with how many.
    public var title: String
    /// What it does, and what to do about it.
    public var advice: String
    /// Where: cards, pairs, a table.
    public var body: HTML
    /// Whether it is shown unfolded.
    public var isOpen: Bool

    public init(_ tone: Page.Tone, _ title: String, advice: String, body: HTML = .empty, isOpen: Bool = true) {
        self.tone = tone
        self.title = title
        self.advice = advice
        self.body = body
        self.isOpen = isOpen
    }
}

extension HTML {
    /// Findings, one under the other, each of which can be folded away.
    public static func findings(_ findings: [Finding]) throws(ReportError) -> HTML {
        var all = HTML.empty
        for finding in findings { all = all + (try template.render(Values(finding))) }
        return all
    }

    private struct Values: Sendable {
        var tone: String
        var title: String
        var advice: String
        var open: HTML
        var body: HTML

        init(_ finding: Finding) {
            tone = finding.tone.rawValue
            title = finding.title
            advice = finding.advice
            open = finding.isOpen ? " open" : .empty
            body = finding.body
        }
    }

    private static let template = Template(
        """
        <details class="finding"{{{open}}}>
        <summary><span class="mark {{tone}}">{{tone}}</span><h3>{{title}}</h3></summary>
        <div><p>{{advice}}</p>{{{body}}}</div>
        </details>

        """)
}
