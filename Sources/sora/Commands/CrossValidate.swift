import ArgumentParser
import Datasets
import SoraModel
import Training

struct CrossValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossvalidate",
        abstract: "Train on all folds of some clips but one and measure on that one, for each fold in turn.",
        discussion: """
            Every clip is judged by a model that has seen neither it nor any other clip of its group; the predictions of \
            all folds together then give figures for all clips, with their intervals. Models and predictions stay in \
            --out. A run that was stopped goes on from there when it is started again with the same options.

            Example:
              sora crossvalidate --data clips.csv --group-by scene
              sora crossvalidate --data clips.csv --group-by scene --folds 10 --epochs 30 --out ten --report ten.html
              sora crossvalidate --data clips.csv --group-by scene --fold-column fold --preset resnet18 --json
            """)

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: "How many folds: groups are dealt out so that each has its share of every class. 5 unless given.")
    var folds: Int?

    @Option(help: "Manifest column that says which fold each clip is in.")
    var foldColumn: String?

    @Option(help: "Folder for the models and predictions.", completion: .directory)
    var out = "crossvalidation"

    @OptionGroup var recipe: TrainingRecipe

    @OptionGroup(title: "Figures") var assessment: AssessmentOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--folds", folds, 2...1000)
        if folds != nil, foldColumn != nil { throw ValidationError("give either --folds or --fold-column") }
    }

    /// A fold, with the clips that its model is trained with and held out from.
    private typealias Round = (fold: Fold, data: TrainingData)

    func run() throws {
        try assessment.requireWritable()
        var manifest = try source.manifest()
        if let groupBy = recipe.groupBy { manifest = try manifest.grouped(by: groupBy) }
        if !manifest.items.contains(where: { $0.group != nil }) {
            Console.note(
                "note: the clips have no groups: if some share a scene or a source, name its column with --group-by, or "
                    + "the figures are too good")
        }
        let plan = try recipe.plan(for: manifest)
        let loader = recipe.loader(manifest, plan)
        let rounds = try rounds(manifest, plan, loader)
        try OutputPath.makeFolder(out)
        let folder = try CrossValidationFolder(
            out, rounds: rounds, configuration: plan.configuration, options: plan.options,
            weights: recipe.model.backbone.weights
        )
        var tables: [PredictionTable] = []
        var failures: [JudgedClips.Failure] = []
        for (number, round) in rounds.enumerated() {
            Console.note("fold \(round.fold.name) (\(number + 1) of \(rounds.count))")
            if let known = try folder.predictions(of: round.fold) {
                Console.note("was done before: \(folder.model(of: round.fold))")
                tables.append(known)
                continue
            }
            try train(round, plan, folder)
            let judged = try judge(round, manifest, folder)
            judged.noteFailures()
            failures += judged.failures
            try folder.keep(judged.table, of: round.fold)
            tables.append(judged.table)
        }
        let table = try PredictionTable(joining: tables)
        try table.write(to: folder.joined)
        Console.note("\(folder.joined): what the models say of the \(table.count) clips that were held out from them")
        try report(table, rounds, folder, failures)
    }

    private func rounds(
        _ manifest: Manifest, _ plan: TrainingRecipe.Plan, _ loader: ClipLoader
    ) throws -> [Round] {
        let folds =
            if let foldColumn {
                try manifest.folds(by: foldColumn)
            } else {
                try manifest.folds(count: folds ?? 5, seed: plan.options.seed)
            }
        return try folds.map { fold in
            let split = try Split(
                of: fold, in: manifest, validation: recipe.validation, seed: plan.options.seed)
            return (fold, TrainingData(loader: loader, split: split))
        }
    }

    private func train(_ round: Round, _ plan: TrainingRecipe.Plan, _ folder: CrossValidationFolder) throws {
        let isBegun = folder.isBegun(round.fold)
        let session = TrainingSession(output: folder.model(of: round.fold), json: false, isResumed: isBegun)
        session.announce(plan.configuration, round.data, plan.options)
        let trainer = try recipe.trainer(
            plan, round.data, output: folder.model(of: round.fold), resumes: isBegun)
        try session.run(trainer) { [] }
    }

    /// What a fold's model says of the clips held out from it. They may have been decoded for other folds.
    private func judge(_ round: Round, _ manifest: Manifest, _ folder: CrossValidationFolder) throws -> JudgedClips {
        let model = try ModelArgument.read(folder.model(of: round.fold))
        return try JudgedClips(
            model, manifest, items: round.fold.heldOut, batch: 8, backend: recipe.compute.backend(for: model),
            fold: round.fold.name, loader: round.data.loader)
    }

    private func report(
        _ table: PredictionTable, _ rounds: [Round], _ folder: CrossValidationFolder, _ failures: [JudgedClips.Failure]
    ) throws {
        let report = CrossValidationReport(
            folds: try FoldFigures.all(table),
            all: EvaluationReport(
                assessment: try assessment.assess(table), curves: assessment.curves ? table.curves : nil,
                failures: failures))
        if common.json {
            Console.result(try report.jsonLine())
        } else {
            Console.result(FoldFigures.text(report.folds) + "\n\nall folds together")
            Console.result(assessment.text(report.all.assessment))
        }
        if let page = assessment.report {
            let folds = Dictionary(rounds.map { ($0.fold.name, $0) }, uniquingKeysWith: { first, _ in first })
            try EvaluationPage(
                title: "Cross-validation on \(source.data)", table: table, assessment: report.all.assessment,
                folds: report.folds, mistakes: assessment.mistakes
            ).write(to: page) { row in
                guard let round = row.fold.flatMap({ folds[$0] }) else { return nil }
                return EvaluationPage.Source(
                    model: try ModelArgument.read(folder.model(of: round.fold)), manifest: round.data.loader.manifest,
                    loader: round.data.loader)
            }
        }
        try FileBatch.conclude(failed: failures.count, of: failures.count + table.count)
    }
}

/// What a cross-validation found, as JSON: the keys of an evaluation of all clips, and the folds.
private struct CrossValidationReport: Encodable {
    var folds: [FoldFigures]
    var all: EvaluationReport

    private enum CodingKeys: CodingKey { case folds }

    func encode(to encoder: any Encoder) throws {
        try all.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(folds, forKey: .folds)
    }
}
