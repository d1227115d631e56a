import ArgumentParser
import SoraModel
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Measure a model on labelled clips: accuracy, F1, AUC, calibration, confusion, each with its interval.",
        discussion: """
            Intervals are of 95%. Where clips share a scene, name its column with --group-by: clips of one scene are \
            drawn together, since they say less than as many scenes.

            Example:
              sora evaluate model.safetensors --data held-out/
              sora evaluate model.safetensors --data clips.csv --only fold=3 --group-by scene --report page.html
              sora evaluate model.safetensors --data clips.csv --out predictions.csv --json
              sora evaluate model.safetensors --data held-out/ --wanted-accuracy 0.95
              sora evaluate model.safetensors --data held-out/ --classifier svm
            """)

    @Argument(help: "A model file, or 'default'.", completion: .file())
    var model: String

    @OptionGroup(title: "Data") var source: DataOptions

    @OptionGroup var choice: ClassifierChoice

    @Option(
        help: "With --classifier: the folder in which 'sora fit' keeps clips' vectors, to decode none that it has.",
        completion: .directory)
    var cache: String?

    @OptionGroup var evaluation: EvaluationOptions

    @OptionGroup(title: "Figures") var assessment: AssessmentOptions

    @Option(help: "Write what the model says of each clip: .csv or .jsonl.", completion: .file())
    var out: String?

    @OptionGroup var common: CommonOptions

    func run() throws {
        if let out {
            _ = try PredictionTable.Format(path: out)
            try OutputPath.requireFile(out)
        }
        try assessment.requireWritable()
        let network = try ModelArgument.read(model)
        let classifier = try choice.classifier(of: network)
        let judged = try judge(network, classifier)
        let report = try report(judged)
        Console.result(try common.json ? report.jsonLine() : assessment.text(report.assessment))
        judged.noteFailures()
        if let out {
            try judged.table.write(to: out)
            Console.note("\(out): what the model says of \(judged.table.count) clips")
        }
        if let page = assessment.report {
            let found = EvaluationPage.Source(
                model: network, manifest: judged.manifest, loader: judged.loader, isExplained: classifier == nil)
            try EvaluationPage(
                title: "\(model) on \(source.data)", table: judged.table, assessment: report.assessment,
                mistakes: assessment.mistakes
            ).write(to: page) { _ in found }
        }
        try FileBatch.conclude(failed: judged.failures.count, of: judged.failures.count + judged.table.count)
    }

    /// Runs the model over the clips asked for.
    func measure() throws -> EvaluationReport {
        let network = try ModelArgument.read(model)
        return try report(judge(network, choice.classifier(of: network)))
    }

    private func judge(_ network: Model, _ classifier: ClipClassifier?) throws -> JudgedClips {
        if cache != nil, classifier == nil {
            throw TrainingError(
                .options, "--cache is for classifiers that 'sora fit' has made; name one by --classifier")
        }
        return try evaluation.judge(
            network, classifier, cache: cache,
            on: source.manifest(classes: classifier?.labels ?? network.configuration.labels))
    }

    private func report(_ judged: JudgedClips) throws -> EvaluationReport {
        EvaluationReport(
            assessment: try assessment.assess(judged.table), curves: assessment.curves ? judged.table.curves : nil,
            failures: judged.failures)
    }
}

/// What an evaluation found, as JSON: the assessment's keys, and beside them those of here.
struct EvaluationReport: Encodable {
    var assessment: Assessment
    var curves: [ClassCurves]?
    /// Clips that could not be decoded.
    var failures: [UndecodedClip]

    /// The figures of precision, recall and confusion.
    var metrics: Evaluation { assessment.metrics }

    private enum CodingKeys: CodingKey { case loss, curves, failures }

    func encode(to encoder: any Encoder) throws {
        try assessment.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        // Mean cross-entropy, under the name that it has had from the first.
        try container.encodeIfPresent(assessment.figures[.logLoss], forKey: .loss)
        try container.encodeIfPresent(curves, forKey: .curves)
        try container.encode(failures, forKey: .failures)
    }
}
