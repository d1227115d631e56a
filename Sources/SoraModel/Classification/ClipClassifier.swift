public import Classifiers

/// A classifier over one of a model's vectors, with a name and labels of its own.
public struct ClipClassifier: Sendable {
    /// What fixes it but its numbers.
    public struct Description: Sendable, Hashable, Codable {
        /// What commands call it.
        public var name: String
        /// The method.
        public var kind: ClassifierKind
        /// Names of its classes, which need not be the model's.
        public var labels: [String]
        /// What it looks at.
        public var features: ClipFeatures
        /// What the method was set to.
        public var settings: ClassifierSettings
        /// How it did on clips that it was not fitted to; nil where that was not measured.
        public var score: Score?

        public init(
            name: String, kind: ClassifierKind, labels: [String], features: ClipFeatures,
            settings: ClassifierSettings, score: Score? = nil
        ) {
            self.name = name
            self.kind = kind
            self.labels = labels
            self.features = features
            self.settings = settings
            self.score = score
        }
    }

    /// Figures of a cross-validation: the best of those that were compared, so a little too good.
    public struct Score: Sendable, Hashable, Codable {
        /// Mean over the folds of the mean recall of the classes.
        public var balancedAccuracy: Double
        /// Its standard deviation over the folds.
        public var deviation: Double
        /// Mean F1 of the classes, over all clips.
        public var macroF1: Double
        /// How many folds there were.
        public var folds: Int

        public init(balancedAccuracy: Double, deviation: Double, macroF1: Double, folds: Int) {
            self.balancedAccuracy = balancedAccuracy
            self.deviation = deviation
            self.macroF1 = macroF1
            self.folds = folds
        }
    }

    /// Name, method, labels and settings.
    public var description: Description
    /// The classifier itself.
    public var classifier: any Classifier

    public init(_ description: Description, _ classifier: any Classifier) {
        self.description = description
        self.classifier = classifier
    }

    /// What commands call it.
    public var name: String { description.name }
    /// Names of its classes.
    public var labels: [String] { description.labels }

    /// What stands for the model's own head where a classifier's name is asked for.
    public static let headName = "head"

    /// Whether a classifier may be called so: up to 64 letters, digits, dots, dashes and underscores, and not `head`.
    public static func isName(_ name: String) -> Bool {
        name != headName && (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || scalar == "." || scalar == "-" || scalar == "_"
            }
    }
}
