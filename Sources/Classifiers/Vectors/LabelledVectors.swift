/// Vectors of one length, each of a class: what a classifier is fitted to.
public struct LabelledVectors: Sendable {
    /// How many numbers a vector has.
    public let featureCount: Int
    /// How many classes there are; not all need have vectors.
    public let classCount: Int
    /// `[row, feature]`
    public let values: [Float]
    /// The class of each row.
    public let labels: [Int]
    /// How much a row of each class counts.
    public let classWeights: [Double]

    /// - Parameters:
    ///   - values: `[row, feature]`
    ///   - labels: the class of each row, from 0.
    ///   - isBalanced: whether rare classes count as much as frequent ones, rather than each row as much as another.
    /// - Throws: `ClassifierError.data` if the counts do not go together, a label is no class's, or a number is not one.
    public init(
        _ values: [Float], labels: [Int], featureCount: Int, classCount: Int, isBalanced: Bool = false
    ) throws {
        guard featureCount > 0, values.count == labels.count * featureCount else {
            throw ClassifierError(
                .data, "\(labels.count) vectors of \(featureCount) numbers are not \(values.count) numbers")
        }
        guard labels.allSatisfy((0..<classCount).contains) else {
            throw ClassifierError(.data, "a label lies outside 0..<\(classCount)")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw ClassifierError(
                .data, "a vector holds what is no number: the model's weights are broken, or were never trained")
        }
        self.init(
            values: values, labels: labels, featureCount: featureCount, classCount: classCount, isBalanced: isBalanced)
    }

    private init(values: [Float], labels: [Int], featureCount: Int, classCount: Int, isBalanced: Bool) {
        self.featureCount = featureCount
        self.classCount = classCount
        self.values = values
        self.labels = labels
        self.isBalanced = isBalanced
        var counts = [Int](repeating: 0, count: classCount)
        for label in labels { counts[label] += 1 }
        classCounts = counts
        let present = counts.count { $0 > 0 }
        classWeights = counts.map {
            isBalanced && $0 > 0 ? Double(labels.count) / Double($0 * present) : 1
        }
    }

    private let isBalanced: Bool
    /// How many rows each class has.
    public let classCounts: [Int]

    /// How many rows there are.
    public var count: Int { labels.count }

    /// One row.
    subscript(_ row: Int) -> ArraySlice<Float> { values[row * featureCount..<(row + 1) * featureCount] }

    /// Some of the rows, in the order given.
    public func rows(_ chosen: [Int]) -> LabelledVectors {
        var values: [Float] = []
        values.reserveCapacity(chosen.count * featureCount)
        for row in chosen { values += self[row] }
        return LabelledVectors(
            values: values, labels: chosen.map { labels[$0] }, featureCount: featureCount, classCount: classCount,
            isBalanced: isBalanced)
    }

    /// One row, as an array.
    public func vector(_ row: Int) -> [Float] { Array(self[row]) }
}
