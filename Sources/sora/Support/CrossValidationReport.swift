import Training

/// What a cross-validation found, as JSON: the keys of an evaluation of all clips, and the folds.
struct CrossValidationReport: Encodable {
    var folds: [FoldFigures]
    var all: EvaluationReport

    init(_ table: PredictionTable, _ options: AssessmentOptions, failures: [UndecodedClip]) throws {
        folds = try FoldFigures.all(table)
        all = EvaluationReport(
            assessment: try options.assess(table), curves: options.curves ? table.curves : nil, failures: failures)
    }

    /// The figures for people.
    func text(_ options: AssessmentOptions) -> String {
        "\(FoldFigures.text(folds))\n\nall folds together\n\(options.text(all.assessment))"
    }

    private enum CodingKeys: CodingKey { case folds }

    func encode(to encoder: any Encoder) throws {
        try all.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(folds, forKey: .folds)
    }
}
