internal import Foundation

extension Chart {
    /// Small bars side by side, upward for numbers above 0 and downward for those below: what each frame of a clip adds,
    /// say. They are as long as the largest of them lets them.
    static func balance(_ values: [Double], caption: String) -> HTML {
        let most = max(values.filter(\.isFinite).map(abs).max() ?? 0, .leastNonzeroMagnitude)
        let width = 1 / Double(max(values.count, 1))
        let bars = values.enumerated().map { index, value -> HTML in
            let height = value.isFinite ? abs(value) / most / 2 : 0
            let top = value > 0 ? 0.5 - height : 0.5
            let label = value.isFinite ? String(format: "%+.2f", value) : "-"
            let colour: HTML = value > 0 ? "var(--accent)" : "var(--series-2)"
            return """
                <rect x="\(percent((Double(index) + 0.1) * width))" y="\(percent(top))" width="\(percent(0.8 * width))" \
                height="\(percent(height))" fill="\(colour)"><title>\(index + 1): \(label)</title>\
                </rect>
                """
        }
        return """
            <svg class="balance" role="img" aria-label="\(caption)"><line x1="0" x2="100%" y1="50%" y2="50%" \
            stroke="var(--line)"/>\(bars.joined())</svg>
            """
    }

    /// What the sheet of all pages does not know.
    static let balanceStyle: HTML = """
        <style>.cards.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); }
        .clip video { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--fill); }
        .balance { display: block; width: 100%; height: 40px; margin-top: 6px; overflow: visible; }</style>
        """
}
