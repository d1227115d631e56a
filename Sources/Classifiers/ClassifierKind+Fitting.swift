extension ClassifierKind {
    /// Fits a classifier for each of some settings to the same vectors, and shares between them what they have in common:
    /// distances, sums over features, the first trees of many.
    ///
    /// The result is a function of the arguments: the same on every run.
    /// - Returns: the classifiers, in the order of `settings`.
    /// - Throws: `ClassifierError.data` if there are not two classes, `.settings` for a setting that
    ///   it has not or a value that it may not have, `.library` if LIBSVM or XGBoost refuses.
    public func fit(
        _ data: LabelledVectors, _ settings: [ClassifierSettings], seed: UInt64 = 0
    ) throws -> [any Classifier] {
        guard data.classCounts.count(where: { $0 > 0 }) >= 2 else {
            throw ClassifierError(
                .data, "a classifier needs vectors of two classes at least; add clips of another class")
        }
        for setting in settings { for (name, value) in setting.values { try check(name, value) } }
        switch self {
        case .svm: return try SupportVectorMachine.fit(data, settings, isLinear: false, seed: seed)
        case .linearSVM: return try SupportVectorMachine.fit(data, settings, isLinear: true, seed: seed)
        case .tree: return try DecisionTree.fit(data, settings)
        case .boosted: return try BoostedTrees.fit(data, settings, seed: seed)
        case .logistic: return LogisticRegression.fit(data, settings)
        case .neighbours: return NearestNeighbours.fit(data, settings)
        case .prototypes: return Prototypes.fit(data, settings)
        }
    }
}
