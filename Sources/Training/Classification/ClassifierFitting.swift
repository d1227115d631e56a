public import Classifiers
public import Datasets
public import SoraModel

/// Chooses a classifier's settings by cross-validation, and fits it to all clips with the best.
public struct ClassifierFitting: Sendable {
    /// What commands will call it.
    public var name: String
    /// The method.
    public var kind: ClassifierKind
    /// What it looks at.
    public var features: ClipFeatures
    /// Values to try in the place of a setting's own.
    public var grid: [String: [Double]] = [:]
    /// Of the folds, and of what the method draws.
    public var seed: UInt64 = 1

    public init(name: String, kind: ClassifierKind, features: ClipFeatures) {
        self.name = name
        self.kind = kind
        self.features = features
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The classifier, fitted to all clips.
        public var classifier: ClipClassifier
        /// How its settings compared; nil where there was nothing to compare them on.
        public var search: GridSearch?
    }

    /// - Parameters:
    ///   - folds: to compare settings on; none to take the middle of each setting's values unseen.
    ///   - observe: told how many folds are done.
    /// - Throws: `ClassifierError`, as `ClassifierKind.fit`; as `GridSearch` too.
    public func fit(
        _ clips: ClassifierClips, folds: [Fold], observe: (Int) -> Void = { _ in }
    ) throws -> Outcome {
        let all = try clips.vectors(views: .all)
        let settings = try kind.grid(featureCount: clips.featureCount, given: grid)
        let search =
            folds.isEmpty
            ? nil : try GridSearch(kind, clips, settings: settings, folds: folds, seed: seed, observe: observe)
        let chosen =
            try search.map { $0.rows[$0.best].settings }
            ?? kind.standardSettings(featureCount: clips.featureCount, given: grid)
        guard let fitted = try kind.fit(all, [chosen], seed: seed).first else {
            throw TrainingError(.data, "no classifier came of it")
        }
        return Outcome(
            classifier: ClipClassifier(
                ClipClassifier.Description(
                    name: name, kind: kind, labels: clips.labels, features: features, settings: chosen,
                    score: search?.score), fitted),
            search: search)
    }
}
