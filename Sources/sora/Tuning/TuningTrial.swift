import Training

/// A choice of settings, and how it did on the folds that it was tried on.
struct TuningTrial: Encodable {
    /// How a trial ended.
    enum End: String, Encodable {
        /// It was measured on all folds.
        case finished
        /// It was behind the others, and given up.
        case behind
        /// The time was up.
        case outOfTime
        /// Its options do not go together, or its training failed.
        case failed
    }

    var number: Int
    var choice: TuningChoice
    /// After each fold, the macro F1 of that fold and those before it, together.
    var scores: [Double] = []
    /// All figures, of all the folds that it was tried on.
    var figures: [Figure: Double] = [:]
    var end = End.finished
    /// Why, where it failed.
    var error: String?
}
