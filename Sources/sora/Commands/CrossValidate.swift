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

    @OptionGroup var dealing: FoldOptions

    @Option(help: "Folder for the models and predictions.", completion: .directory)
    var out = "crossvalidation"

    @OptionGroup var recipe: TrainingRecipe

    @OptionGroup(title: "Figures") var assessment: AssessmentOptions

    @OptionGroup var common: CommonOptions

    func run() throws {
        try assessment.requireWritable()
        let manifest = try dealing.grouped(source.manifest(), by: recipe.groupBy)
        let validation = try CrossValidation(
            recipe, manifest, folds: dealing.folds(of: manifest, seed: recipe.training.seed), out: out)
        var tables: [PredictionTable] = []
        var failures: [UndecodedClip] = []
        for (number, round) in validation.rounds.enumerated() {
            Console.note("fold \(round.fold.name) (\(number + 1) of \(validation.rounds.count))")
            if let known = try validation.folder.predictions(of: round.fold) {
                Console.note("was done before: \(validation.folder.model(of: round.fold))")
                tables.append(known)
                let left = try validation.folder.failures(of: round.fold)
                left.note()
                failures += left
                continue
            }
            try validation.train(round) { TrainingSession(output: $0, json: false, isResumed: $1) }
            let judged = try validation.judge(round)
            judged.noteFailures()
            failures += judged.failures
            tables.append(judged.table)
        }
        let table = try PredictionTable(joining: tables)
        let joined = validation.folder.joined
        try table.write(to: joined)
        Console.note("\(joined): what the models say of the \(table.count) clips that were held out from them")
        try report(table, validation, failures)
    }

    private func report(
        _ table: PredictionTable, _ validation: CrossValidation, _ failures: [UndecodedClip]
    ) throws {
        let report = try CrossValidationReport(table, assessment, failures: failures)
        Console.result(common.json ? try report.jsonLine() : report.text(assessment))
        if let page = assessment.report {
            let folds = Dictionary(
                validation.rounds.map { ($0.fold.name, $0) }, uniquingKeysWith: { first, _ in first })
            try EvaluationPage(
                title: "Cross-validation on \(source.data)", table: table, assessment: report.all.assessment,
                folds: report.folds, mistakes: assessment.mistakes
            ).write(to: page) { row in
                guard let round = row.fold.flatMap({ folds[$0] }) else { return nil }
                return EvaluationPage.Source(
                    model: try validation.model(of: round), manifest: round.data.loader.manifest,
                    loader: round.data.loader)
            }
        }
        try FileBatch.conclude(failed: failures.count, of: failures.count + table.count)
    }
}
