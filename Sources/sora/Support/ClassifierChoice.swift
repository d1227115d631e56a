import ArgumentParser
import SoraModel

/// Which of a model's classifiers is meant.
struct ClassifierChoice: ParsableArguments {
    @Option(
        help: """
            A classifier that 'sora fit' has added to the model, by its name; 'head' for the model's own. Where not given, \
            the model's own, unless it was made to be used through another.
            """)
    var classifier: String?

    /// - Returns: nil for the model's own head.
    /// - Throws: `ModelError.configuration` if there is none of that name, or the model's own was never trained.
    func classifier(of model: Model) throws -> ClipClassifier? {
        let found = try model.shelf.classifier(named: classifier)
        if found == nil, !model.shelf.isHeadTrained {
            throw ModelError(
                .configuration,
                "the model's own head was never trained; name one of its classifiers with --classifier: "
                    + model.shelf.classifiers.map(\.name).joined(separator: ", "))
        }
        return found
    }
}
