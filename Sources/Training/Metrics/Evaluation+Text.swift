import Foundation

extension Evaluation {
    /// The figures as tables for people, within 80 columns as long as the classes let them.
    public var text: String {
        let ends = Self.interval(accuracyInterval.lower, accuracyInterval.upper)
        return text(accuracyNote: "(95% interval \(ends))", further: [])
    }

    /// The same, with another remark behind the accuracy and further lines below the figures over all classes.
    func text(accuracyNote: String, further: [String]) -> String {
        let width = min(max(classes.map(\.label.count).max() ?? 0, "macro average".count), 28)
        var lines = [
            "clips              \(count)",
            "\(confusion == nil ? "all labels right  " : "accuracy          ") \(Self.figure(accuracy))  \(accuracyNote)",
        ]
        if let balancedAccuracy { lines.append("balanced accuracy  \(Self.figure(balancedAccuracy))") }
        lines += further + ["", Self.padded("class", width) + "  precision  recall      F1   clips"]
        for score in classes {
            lines.append(Self.row(score.label, width, [score.precision, score.recall, score.f1], "\(score.support)"))
        }
        lines.append(Self.row("macro average", width, [macroPrecision, macroRecall, macroF1], ""))
        if confusion == nil { lines.append("micro F1  \(Self.figure(microF1))") }
        return (lines + confusionLines).map(Self.trimmed).joined(separator: "\n")
    }

    /// True classes down, predicted ones across, which are headed by their numbers.
    private var confusionLines: [String] {
        guard let confusion, !confusion.isEmpty else { return [] }
        let digits = confusion.joined().map { "\($0)".count }.max() ?? 1
        let cell = max(digits, "\(classes.count)".count) + 1
        let width = min(classes.map(\.label.count).max() ?? 0, 28)
        let number = "\(classes.count)".count
        let margin = String(repeating: " ", count: number + 1 + width + 1)
        var lines = ["", "confusion (rows: true class, columns: predicted)"]
        lines.append(margin + classes.indices.map { Self.aligned("\($0 + 1)", cell) }.joined())
        for (index, row) in confusion.enumerated() {
            lines.append(
                Self.aligned("\(index + 1)", number) + " " + Self.padded(classes[index].label, width) + " "
                    + row.map { Self.aligned($0 == 0 ? "." : "\($0)", cell) }.joined())
        }
        return lines
    }

    private static func row(_ label: String, _ width: Int, _ figures: [Double], _ support: String) -> String {
        padded(label, width) + "  " + aligned(figure(figures[0]), 9) + aligned(figure(figures[1]), 8)
            + aligned(figure(figures[2]), 8) + aligned(support, 8)
    }

    static func figure(_ value: Double) -> String { String(format: "%.3f", value) }

    /// `0.640 to 0.781`
    static func interval(_ lower: Double, _ upper: Double) -> String { "\(figure(lower)) to \(figure(upper))" }

    static func aligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `text` filled up, or cut with an ellipsis.
    static func padded(_ text: String, _ width: Int) -> String {
        text.count > width
            ? text.prefix(width - 1) + "…" : text + String(repeating: " ", count: width - text.count)
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
