import Foundation

extension Assessment {
    /// The figures for people: the short form, within 80 columns as long as the classes let them.
    public var text: String {
        metrics.text(accuracyNote: accuracyNote, further: figureLines + unknownLines)
    }

    /// Wilson's interval where each clip stands for itself, else that of drawing groups.
    private var accuracyNote: String {
        guard units < metrics.count, let drawn = intervals[.accuracy] else {
            let ends = metrics.accuracyInterval
            return "(95% interval \(Evaluation.interval(ends.lower, ends.upper)))"
        }
        return "(95% interval \(Evaluation.interval(drawn.lower, drawn.upper)), by \(units) groups)"
    }

    private var figureLines: [String] {
        var lines = [Figure.auc, .averagePrecision].compactMap(line)
        if let k = [5, 3].first(where: { 2 * $0 <= ranking.count }), let found = top.first(where: { $0.k == k }) {
            lines.append(Self.entry("top \(k) accuracy", found.accuracy))
        }
        lines += [Figure.logLoss, .brier].compactMap(line)
        lines.append(Self.entry("calibration error", reliability.expectedError))
        return lines
    }

    private func line(_ figure: Figure) -> String? {
        figures[figure].map { value in
            let ends = intervals[figure].map { "  (\(Evaluation.interval($0.lower, $0.upper)))" } ?? ""
            return Self.entry(figure.name, value) + ends
        }
    }

    private var unknownLines: [String] {
        guard let unknown else {
            return wantedAccuracy.map {
                ["unknown            no threshold gives an accuracy of \(Evaluation.figure($0))"]
            } ?? []
        }
        let share = unknown.accuracy.map { ", \(Evaluation.figure($0)) of them right" } ?? ""
        let ends = unknown.accuracyInterval.map { "  (\(Evaluation.interval($0.lower, $0.upper)))" } ?? ""
        return [
            "unknown            below \(Self.threshold(unknown.threshold)): \(unknown.answered) of \(metrics.count) clips "
                + "answered\(share)\(ends)"
        ]
    }

    /// The long form: each class's ranking, the bins of the probabilities.
    public var details: String {
        let width = min(max(ranking.map(\.label.count).max() ?? 0, "class".count), 28)
        var lines = [Evaluation.padded("class", width) + "     AUC  average precision"]
        for each in ranking {
            func cell(_ value: Double?) -> String { value.map(Evaluation.figure) ?? "-" }
            lines.append(
                Evaluation.padded(each.label, width) + Evaluation.aligned(cell(each.auc), 8)
                    + Evaluation.aligned(cell(each.averagePrecision), 19))
        }
        if top.count > 2 {
            lines += ["", "class among the likeliest"]
            for each in top.dropLast(top.count == ranking.count ? 1 : 0) {
                lines.append(
                    Evaluation.aligned("\(each.k)", 5) + Evaluation.aligned(Evaluation.figure(each.accuracy), 8))
            }
        }
        lines += ["", "probability      clips  said  found"]
        for bin in reliability.bins {
            lines.append(
                String(format: "%.3f - %.3f", bin.lower, bin.upper) + Evaluation.aligned("\(bin.count)", 8)
                    + String(format: "%7.3f%7.3f", bin.probability, bin.share))
        }
        lines.append(
            String(
                format: "calibration error %.3f, at most %.3f in a bin", reliability.expectedError,
                reliability.largestError))
        return lines.joined(separator: "\n")
    }

    private static func entry(_ name: String, _ value: Double) -> String {
        Evaluation.padded(name, 19) + Evaluation.figure(value)
    }

    /// With as many digits as it takes to tell it from the next probability that a person would try.
    static func threshold(_ value: Double) -> String { String(format: "%.4g", value) }
}
