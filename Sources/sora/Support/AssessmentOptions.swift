import ArgumentParser
import Training

/// What is asked of an evaluation, and how it is shown: what `evaluate` and `crossvalidate` have in common.
struct AssessmentOptions: ParsableArguments {
    @Option(
        help:
            "Answer \"unknown\" where the likeliest label has a lower probability: how many answers are left, and right?"
    )
    var unknownBelow: Double?

    @Option(help: "Find the lowest such probability at which this share of the answers is right.")
    var wantedAccuracy: Double?

    @Option(help: "How often clips are drawn anew for the intervals; 0 for none.")
    var resamples = 1000

    @Option(help: "Seed of these draws.")
    var resamplingSeed: UInt64 = 0

    @Flag(help: "Show each class's AUC and average precision, and how far probabilities are what they say.")
    var details = false

    @Flag(help: "With --json: add the ROC and precision-recall curves.")
    var curves = false

    @Option(
        help: "Write a page with figures, curves and the worst mistakes, as one .html file.", completion: .file())
    var report: String?

    @Option(help: "How many of the worst mistakes the page shows.")
    var mistakes = 12

    func validate() throws {
        try Bounds.check("--unknown-below", unknownBelow, 0...1)
        try Bounds.check("--wanted-accuracy", wantedAccuracy, 0...1)
        if unknownBelow != nil, wantedAccuracy != nil {
            throw ValidationError("give either --unknown-below or --wanted-accuracy")
        }
        try Bounds.check("--resamples", resamples, 0...1_000_000)
        try Bounds.check("--mistakes", mistakes, 0...1000, "clips")
    }

    /// Finds out before the work that the page cannot be written.
    func requireWritable() throws {
        if let report { try OutputPath.requireFile(report) }
    }

    /// The figures of some predictions.
    func assess(_ table: PredictionTable) throws -> Assessment {
        var options = Assessment.Options()
        (options.unknownBelow, options.wantedAccuracy) = (unknownBelow, wantedAccuracy)
        (options.samples, options.seed) = (resamples, resamplingSeed)
        return try Assessment(table, options: options)
    }

    /// The figures for people.
    func text(_ assessment: Assessment) -> String {
        details ? assessment.text + "\n\n" + assessment.details : assessment.text
    }
}
