import Foundation

/// How well the model of one fold does on the clips that were held out.
public struct FoldFigures: Sendable, Hashable, Encodable {
    /// The fold.
    public var name: String
    /// Clips held out that could be decoded.
    public var clips: Int
    /// The figures that are defined for them.
    public var figures: [Figure: Double]

    /// The figures of each fold of a joined table, in the order in which the folds first occur.
    public static func all(_ table: PredictionTable) throws -> [FoldFigures] {
        var order: [String] = []
        var rows: [String: [PredictionTable.Row]] = [:]
        for row in table.rows {
            let name = row.fold ?? ""
            if rows[name] == nil { order.append(name) }
            rows[name, default: []].append(row)
        }
        return try order.map { name in
            let part = try PredictionTable(
                labels: table.labels, isMultiLabel: table.isMultiLabel, rows: rows[name] ?? [])
            return FoldFigures(name: name, clips: part.count, figures: part.figures())
        }
    }

    /// A line for each fold, and their mean and standard deviation.
    public static func text(_ folds: [FoldFigures]) -> String {
        let shown: [Figure] = [.accuracy, .macroF1, .auc, .logLoss]
        let width = min(max(folds.map(\.name.count).max() ?? 0, "deviation".count), 24)
        var lines = [Evaluation.padded("fold", width) + "   clips  accuracy  macro F1     AUC  log loss"]
        func row(_ name: String, _ clips: String, _ values: [Double?]) -> String {
            let cells = zip(values, [10, 10, 8, 10]).map { value, width in
                Evaluation.aligned(value.map(Evaluation.figure) ?? "-", width)
            }
            return Evaluation.padded(name, width) + Evaluation.aligned(clips, 8) + cells.joined()
        }
        for fold in folds {
            lines.append(row(fold.name, "\(fold.clips)", shown.map { fold.figures[$0] }))
        }
        let spreads = shown.map { figure in spread(folds.compactMap { $0.figures[figure] }) }
        lines.append(row("mean", "", spreads.map { $0?.mean }))
        lines.append(row("deviation", "", spreads.map { $0?.deviation }))
        return lines.joined(separator: "\n")
    }

    /// The mean, and the standard deviation with one less than the count as its divisor; nil for less than two values.
    private static func spread(_ values: [Double]) -> (mean: Double, deviation: Double)? {
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(values.count - 1)).squareRoot())
    }
}
