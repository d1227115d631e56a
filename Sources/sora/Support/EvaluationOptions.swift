import ArgumentParser
import Datasets
import Neural
import SoraModel
import Training

/// Which of the labelled clips a trained model is to judge, and how.
struct EvaluationOptions: ParsableArguments {
    @Option(help: "Use only the clips with this value in a column: fold=3.")
    var only: Manifest.Selection?

    @Option(help: "Use only this part of the manifest's split column: train, val or test.")
    var part: String?

    @Option(help: "Manifest column whose equal values (a scene, a source) count as one thing in the intervals.")
    var groupBy: String?

    @Option(help: "Clips in the network at a time.")
    var batch = 8

    @OptionGroup var compute: ComputeOptions

    func validate() throws {
        try Bounds.check("--batch", batch, 1...4096, "clips")
        if let part, Split.Part(word: part) == nil { throw ValidationError("--part is train, val or test") }
    }

    /// Runs `model` over those of the manifest's clips that are asked for, and shows how far it is.
    /// - Parameters:
    ///   - classifier: what gives the probabilities; the model's own head where nil.
    ///   - cache: where the clips' vectors are kept, for a classifier.
    func judge(
        _ model: Model, _ classifier: ClipClassifier? = nil, cache: String? = nil, on manifest: Manifest
    ) throws -> JudgedClips {
        var manifest = manifest
        if let groupBy { manifest = try manifest.grouped(by: groupBy) }
        if let only { manifest = try manifest.selecting(only) }
        if let wanted = part.flatMap({ Split.Part(word: $0) }) {
            manifest.items = manifest.items.filter { $0.part == wanted }
        }
        guard !manifest.items.isEmpty else {
            throw TrainingError(
                .data,
                "\(manifest.source): no clip has \(part ?? "") in its split column; leave out --part to use all")
        }
        return try JudgedClips(
            model, manifest, items: Array(manifest.items.indices), batch: batch, backend: compute.backend(for: model),
            classifier: classifier, cache: cache)
    }
}
