import Foundation

extension PairedComparison {
    /// The comparison for people.
    /// - Parameters:
    ///   - first: what the first model is called.
    ///   - second: what the second one is called.
    public func text(first: String, second: String) -> String {
        var lines = [
            "A  \(first)", "B  \(second)",
            "\(count) clips" + (units < count ? " in \(units) groups" : "")
                + (unpaired > 0 ? "; \(unpaired) that only one of them judged are left out" : ""),
            "", "                        A       B   B - A  95% interval",
        ]
        for each in differences {
            let ends = each.interval.map { String(format: "  %+.3f to %+.3f", $0.lower, $0.upper) } ?? "  -"
            lines.append(
                Evaluation.padded(each.figure.name, 18)
                    + String(format: "%7.3f %7.3f %+7.3f", each.first, each.second, each.difference) + ends)
        }
        lines += [
            "", "right: both \(bothRight), only A \(onlyFirstRight), only B \(onlySecondRight), neither \(bothWrong)",
            "McNemar's exact test: p = \(Self.probability(mcNemar))"
                + (units < count ? " (it takes clips as independent; with groups, go by the intervals)" : ""),
        ]
        return lines.joined(separator: "\n")
    }

    /// `0.043`, or `4.3e-05` where that would show too little.
    private static func probability(_ value: Double) -> String {
        String(format: value >= 0.001 ? "%.3f" : "%.1e", value)
    }
}
