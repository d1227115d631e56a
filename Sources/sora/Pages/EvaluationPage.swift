import ArgumentParser
import Datasets
import Foundation
import Reports
import SoraModel
import Training

/// The page of an evaluation: figures with their intervals, what is taken for what, curves, and the worst mistakes as clips
/// that play, with what the model went by.
struct EvaluationPage {
    /// Where a clip and the model that judged it are found again.
    struct Source {
        var model: Model
        var manifest: Manifest
        var loader: ClipLoader
        /// Whether the model's own head judged, of which can be said what it went by.
        var isExplained = true
    }

    let title: String
    let table: PredictionTable
    let assessment: Assessment
    /// Of a cross-validation; empty for one model.
    var folds: [FoldFigures] = []
    /// How many of the worst mistakes to show.
    let mistakes: Int

    /// Writes the page.
    /// - Parameter source: finds the model and the clips of a row; asked once for each fold.
    func write(to path: String, source: (PredictionTable.Row) throws -> Source?) throws {
        var sections = [
            Page.Section("Figures", lead: intervalNote, body: .tiles(tiles)),
            Page.Section("Classes", body: classTable),
        ]
        if !folds.isEmpty {
            sections.insert(
                Page.Section(
                    "Folds", lead: "Each fold's clips were judged by a model that was trained without them.",
                    body: foldTable), at: 1)
        }
        if let confusion = assessment.metrics.confusion {
            sections.append(
                Page.Section(
                    "What is taken for what",
                    lead: "Clips of each class, down, and what they were called, across. Colour is by row.",
                    body: Table.heat(
                        rows: table.labels, columns: table.labels, values: confusion.map { $0.map(Double.init) },
                        corner: "true class", byRow: true)))
        }
        sections.append(Page.Section("Curves", body: .charts(EvaluationCharts(table, assessment).all)))
        sections += try MistakeSection(table: table, count: mistakes).sections(source)
        let page = Page(
            kind: folds.isEmpty ? "Evaluation" : "Cross-validation", title: title, summary: summary, tone: .note,
            sections: sections, footer: "Made by sora \(Sora.configuration.version). Intervals are of 95%.")
        try page.write(to: path)
        Console.note("\(path): the page")
    }

    private var summary: String {
        let metrics = assessment.metrics
        let right = table.rows.indices.count(where: table.isRight)
        let what = table.isMultiLabel ? "have all their labels right" : "are right"
        return "\(right) of \(metrics.count) clips \(what): "
            + "accuracy \(Self.number(metrics.accuracy)), 95% interval \(Self.ends(accuracyInterval))."
    }

    private var isGrouped: Bool { assessment.units < assessment.metrics.count }

    private var accuracyInterval: Interval {
        let wilson = assessment.metrics.accuracyInterval
        return isGrouped
            ? assessment.intervals[.accuracy] ?? Interval(lower: wilson.lower, upper: wilson.upper)
            : Interval(lower: wilson.lower, upper: wilson.upper)
    }

    private var intervalNote: String {
        isGrouped
            ? "The ranges are 95% intervals, from drawing the \(assessment.units) groups of clips anew: clips of one group "
                + "say less than as many clips of several."
            : "The ranges are 95% intervals, each clip standing for itself. Where clips share a scene or a source, they are "
                + "wider than this: name its column with --group-by."
    }

    private var tiles: [Tile] {
        var tiles = [
            Tile("Clips", "\(assessment.metrics.count)", remark: isGrouped ? "\(assessment.units) groups" : "")
        ]
        for figure in Figure.allCases {
            guard let value = assessment.figures[figure] else { continue }
            let interval = figure == .accuracy ? accuracyInterval : assessment.intervals[figure]
            let name = figure.name.prefix(1).uppercased() + figure.name.dropFirst()
            tiles.append(Tile(name, Self.number(value), remark: interval.map(Self.ends) ?? ""))
        }
        for top in assessment.top where [3, 5].contains(top.k) && top.k < table.labels.count {
            tiles.append(Tile("Top \(top.k) accuracy", Self.number(top.accuracy)))
        }
        tiles.append(
            Tile(
                "Calibration error", Self.number(assessment.reliability.expectedError),
                remark: "at most \(Self.number(assessment.reliability.largestError))"))
        if let unknown = assessment.unknown {
            let remark =
                "unknown below \(Self.number(unknown.threshold))"
                + (unknown.accuracy.map { ", \(Self.number($0)) right" } ?? "")
            tiles.append(Tile("Answered", Self.number(unknown.coverage), remark: remark))
        }
        return tiles
    }

    private var classTable: HTML {
        let rows = zip(assessment.metrics.classes, assessment.ranking).map { score, ranking in
            [
                score.label, Self.number(score.precision), Self.number(score.recall), Self.number(score.f1),
                ranking.auc.map(Self.number) ?? "-", ranking.averagePrecision.map(Self.number) ?? "-",
                "\(score.support)",
            ]
        }
        return Table.plain(
            head: ["Class", "Precision", "Recall", "F1", "AUC", "Average precision", "Clips"], rows: rows,
            numbers: [1, 2, 3, 4, 5, 6])
    }

    private var foldTable: HTML {
        let shown: [Figure] = [.accuracy, .macroF1, .auc, .logLoss]
        let rows = folds.map { fold in
            [fold.name, "\(fold.clips)"] + shown.map { fold.figures[$0].map(Self.number) ?? "-" }
        }
        return Table.plain(
            head: ["Fold", "Clips", "Accuracy", "Macro F1", "AUC", "Log loss"], rows: rows, numbers: [1, 2, 3, 4, 5])
    }

    static func number(_ value: Double) -> String { String(format: "%.3f", value) }

    static func ends(_ interval: Interval) -> String { "\(number(interval.lower)) to \(number(interval.upper))" }
}
