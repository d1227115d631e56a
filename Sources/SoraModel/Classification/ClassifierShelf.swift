/// The classifiers that a model file holds beside the model's own head.
public struct ClassifierShelf: Sendable {
    /// In the order in which they were added.
    public private(set) var classifiers: [ClipClassifier] = []
    /// The one that is meant where none is named; the model's head where nil.
    public private(set) var standard: String?
    /// Whether the layers after the frames' vectors were ever trained: not in a model that was made around trained
    /// weights of a backbone, to be used through classifiers.
    public var isHeadTrained = true

    public init() {}

    /// Adds a classifier, in the place of one of the same name.
    /// - Parameter isStandard: whether it is to be meant where none is named.
    /// - Throws: `ModelError.configuration` if the name is none.
    public mutating func add(_ classifier: ClipClassifier, isStandard: Bool) throws {
        guard ClipClassifier.isName(classifier.name) else {
            throw ModelError(
                .configuration,
                "'\(classifier.name)' is no name for a classifier: use up to 64 letters, digits, dots, dashes and "
                    + "underscores, and not '\(ClipClassifier.headName)', which is the model's own")
        }
        if let place = classifiers.firstIndex(where: { $0.name == classifier.name }) {
            classifiers[place] = classifier
        } else {
            classifiers.append(classifier)
        }
        if isStandard { standard = classifier.name }
    }

    /// The classifier of a name; of none, the one that is meant then; nil for the model's own head.
    /// - Throws: `ModelError.configuration` if there is none of that name.
    public func classifier(named name: String?) throws -> ClipClassifier? {
        guard let name = name ?? standard, name != ClipClassifier.headName else { return nil }
        guard let found = classifiers.first(where: { $0.name == name }) else {
            let known = classifiers.map(\.name).joined(separator: ", ")
            throw ModelError(
                .configuration,
                classifiers.isEmpty
                    ? "the model has no classifier '\(name)', nor any other but its own head; fit one with 'sora fit'"
                    : "the model has no classifier '\(name)'; it has \(known), and its own, 'head'")
        }
        return found
    }
}
