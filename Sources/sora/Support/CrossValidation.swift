import Datasets
import Foundation
import SoraModel
import Training

/// A recipe's models on all folds but one each, and what they say of that one: what `crossvalidate` does once, and `tune`
/// for each of its trials.
struct CrossValidation {
    /// A fold, with the clips that its model is trained with and held out from.
    struct Round {
        var fold: Fold
        var data: TrainingData
    }

    let recipe: TrainingRecipe
    let plan: TrainingRecipe.Plan
    let rounds: [Round]
    /// Where models and predictions are kept.
    let folder: CrossValidationFolder

    /// - Parameter out: its folder, made if it is not there. What is there of the same cross-validation is gone on with.
    /// - Throws: `TrainingError.checkpoint` if it holds another one, and what does not go together in the recipe.
    init(_ recipe: TrainingRecipe, _ manifest: Manifest, folds: [Fold], out: String) throws {
        self.recipe = recipe
        let plan = try recipe.plan(for: manifest)
        let loader = recipe.loader(manifest, plan)
        rounds = try folds.map { fold in
            let split = try Split(of: fold, in: manifest, validation: recipe.validation, seed: plan.options.seed)
            return Round(fold: fold, data: TrainingData(loader: loader, split: split))
        }
        try OutputPath.makeFolder(out)
        folder = try CrossValidationFolder(
            out, rounds: rounds.map { ($0.fold, $0.data) }, configuration: plan.configuration, options: plan.options,
            weights: recipe.model.backbone.weights)
        self.plan = plan
    }

    /// The model of a round, once it is trained.
    func model(of round: Round) throws -> Model { try ModelArgument.read(folder.model(of: round.fold)) }

    /// Trains a round's model, or goes on with its training.
    /// - Returns: why it ended.
    @discardableResult
    func train(_ round: Round, _ session: (_ output: String, _ isResumed: Bool) -> TrainingSession) throws
        -> TrainingResult.End
    {
        let output = folder.model(of: round.fold)
        let isBegun = folder.isBegun(round.fold)
        let session = session(output, isBegun)
        session.announce(plan.configuration, round.data, plan.options)
        let trainer = try recipe.trainer(plan, round.data, output: output, resumes: isBegun)
        return try session.run(trainer) { [] }.end
    }

    /// What a round's model says of the clips held out from it, which is kept: the round is done then. They may have been
    /// decoded for other rounds.
    func judge(_ round: Round) throws -> JudgedClips {
        let model = try model(of: round)
        let judged = try JudgedClips(
            model, round.data.loader.manifest, items: round.fold.heldOut, batch: 8,
            backend: recipe.compute.backend(for: model), fold: round.fold.name, loader: round.data.loader)
        try folder.keep(judged.table, failures: judged.failures, of: round.fold)
        return judged
    }
}
