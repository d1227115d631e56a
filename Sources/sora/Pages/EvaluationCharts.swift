import Reports
import Training

/// The curves of an evaluation's page.
struct EvaluationCharts {
    private let table: PredictionTable
    private let assessment: Assessment
    private let curves: [ClassCurves]

    init(_ table: PredictionTable, _ assessment: Assessment) {
        self.table = table
        self.assessment = assessment
        // Of two classes the curves say the same; of many, those with most clips are shown.
        let all = table.curves
        let counts = assessment.metrics.classes.map(\.support)
        let shown =
            !table.isMultiLabel && all.count == 2
            ? [1] : all.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(5).sorted()
        curves = shown.map { all[$0] }
    }

    var all: [HTML] { [roc, precisionRecall, reliability, coverage] }

    private var choice: String {
        if !table.isMultiLabel, table.labels.count == 2 { return "\(table.labels[1]) against \(table.labels[0])." }
        return curves.count < table.labels.count
            ? "Each class against all others; the \(curves.count) with most clips." : "Each class against all others."
    }

    private var roc: HTML {
        let series = curves.compactMap { curve in
            curve.roc.map { roc in
                Chart.Series(name(curve, \.auc), points: roc.falsePositiveRate, roc.truePositiveRate)
            }
        }
        return Chart.lines(
            "ROC curve", remark: choice, series, axis: "share of other clips falsely found", unit: true,
            diagonal: true)
    }

    private var precisionRecall: HTML {
        let series = curves.compactMap { curve in
            curve.precisionRecall.map { found in
                Chart.Series(name(curve, \.averagePrecision), points: found.recall, found.precision)
            }
        }
        return Chart.lines(
            "Precision and recall", remark: choice, series, axis: "recall: share of the class found", unit: true)
    }

    private func name(_ curve: ClassCurves, _ figure: KeyPath<Assessment.ClassRanking, Double?>) -> String {
        let value = assessment.ranking.first { $0.label == curve.label }?[keyPath: figure]
        return curve.label + (value.map { " \(EvaluationPage.number($0))" } ?? "")
    }

    private var reliability: HTML {
        let bins = assessment.reliability.bins
        return Chart.lines(
            "Reliability",
            remark: "On the diagonal, of answers at 0.8 four in five are right; below it the model is too sure.",
            [Chart.Series("found", points: bins.map(\.probability), bins.map(\.share))],
            axis: "probability that the model says", unit: true, diagonal: true)
    }

    /// With one label a clip: accuracy of the surest answers, for each share of clips that is answered.
    private var coverage: HTML {
        guard !table.isMultiLabel else { return .empty }
        let points = table.coverage
        return Chart.lines(
            "Accuracy of the surest answers",
            remark: "What is left of the clips, and how much of it is right, as unsure answers become \"unknown\".",
            [Chart.Series("accuracy", points: points.map(\.coverage), points.map { $0.accuracy ?? 0 })],
            axis: "share of clips answered", unit: true)
    }
}

extension Chart.Series {
    /// A curve through points given by axis, with no more of them than the eye can tell apart.
    fileprivate init(_ name: String, points x: [Double], _ y: [Double]) {
        let count = min(x.count, y.count)
        let kept = count <= 400 ? Array(0..<count) : (0..<400).map { $0 * (count - 1) / 399 }
        self.init(name, kept.map { Chart.Point(x: x[$0], y: y[$0]) })
    }
}
