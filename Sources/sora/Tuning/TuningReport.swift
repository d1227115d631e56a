import Foundation
import Training

/// What a search found, the best first.
struct TuningReport: Encodable {
    var folds: Int
    var minutes: Double
    var trials: [TuningTrial]

    init(_ trials: [TuningTrial], folds: Int, minutes: Double) {
        self.folds = folds
        self.minutes = minutes
        self.trials = trials.sorted { a, b in
            let (first, second) = (a.scores.count == folds, b.scores.count == folds)
            if first != second { return first }
            let (better, worse) = (a.scores.last ?? -1, b.scores.last ?? -1)
            return better == worse ? a.number < b.number : better > worse
        }
    }

    /// The best of those that were measured on all folds.
    var best: TuningTrial? { trials.first { $0.scores.count == folds } }

    /// A line for each trial.
    var text: String {
        (["trial  folds  macro F1  accuracy  log loss  settings"] + trials.map(line)).joined(separator: "\n")
    }

    func line(_ trial: TuningTrial) -> String {
        func cell(_ value: Double?, _ width: Int) -> String {
            let text = value.map { String(format: "%.3f", $0) } ?? "-"
            return String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let settings = trial.choice.arguments.isEmpty ? "as given" : trial.choice.arguments.joined(separator: " ")
        let remark =
            switch trial.end {
            case .finished: ""
            case .behind: "  (behind, given up)"
            case .outOfTime: "  (time was up)"
            case .failed: "  (failed: \(trial.error ?? "?"))"
            }
        return String(format: "%5d  %2d/%d  ", trial.number, trial.scores.count, folds) + cell(trial.scores.last, 8)
            + cell(trial.figures[.accuracy], 10) + cell(trial.figures[.logLoss], 10) + "  " + settings + remark
    }
}
