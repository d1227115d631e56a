/// The methods there are.
public enum ClassifierKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A support vector machine with a Gaussian kernel (LIBSVM).
    case svm
    /// A support vector machine whose borders are planes (LIBSVM).
    case linearSVM = "svm-linear"
    /// One decision tree, which can be read.
    case tree
    /// Many small trees, each of which mends what the ones before got wrong (XGBoost).
    case boosted
    /// Multinomial logistic regression.
    case logistic
    /// A vote of the nearest training vectors.
    case neighbours = "knn"
    /// The nearest of the classes' means, for as little as one clip of each.
    case prototypes

    /// Whether it weighs rare classes up where asked to.
    public var canBalance: Bool { self != .neighbours && self != .prototypes }

    var type: any Classifier.Type {
        switch self {
        case .svm, .linearSVM: SupportVectorMachine.self
        case .tree: DecisionTree.self
        case .boosted: BoostedTrees.self
        case .logistic: LogisticRegression.self
        case .neighbours: NearestNeighbours.self
        case .prototypes: Prototypes.self
        }
    }

    /// The classifier that stored arrays make up.
    /// - Throws: `ClassifierError.stored` if they make up none of this kind.
    public func classifier(_ arrays: ClassifierArrays, classCount: Int) throws -> any Classifier {
        guard classCount >= 2 else {
            throw ClassifierError(.stored, "a classifier tells 2 classes apart at least, not \(classCount)")
        }
        let classifier = try type.init(arrays, classCount: classCount)
        guard classifier.kind == self else {
            throw ClassifierError(
                .stored, "the arrays are those of a classifier of the kind \(classifier.kind.rawValue)")
        }
        return classifier
    }
}
