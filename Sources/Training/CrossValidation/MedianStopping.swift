/// When a trial among many is given up before it is measured on all folds: the median stopping rule of Golovin and others
/// 2017, "Google Vizier: A Service for Black-Box Optimization".
public enum MedianStopping {
    /// Trials that another must have been compared with.
    public static let fewestOthers = 3

    /// Whether a trial is behind: after as many folds as it has been measured on, below the median of the others that have
    /// been measured on as many.
    /// - Parameters:
    ///   - scores: the trial's after each of its folds, of all the folds so far together; more is better.
    ///   - others: the same of the other trials.
    public static func isBehind(_ scores: [Double], others: [[Double]]) -> Bool {
        guard let own = scores.last else { return false }
        let known = others.filter { $0.count >= scores.count }.map { $0[scores.count - 1] }.sorted()
        guard known.count >= fewestOthers else { return false }
        return own < (known[(known.count - 1) / 2] + known[known.count / 2]) / 2
    }
}
