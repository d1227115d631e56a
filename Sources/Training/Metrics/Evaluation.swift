/// How well predictions agree with the truth, with figures as scikit-learn defines them.
///
/// The macro figures are means over all the model's classes, those that never occur counting as 0.
public struct Evaluation: Codable, Sendable, Hashable {
    /// Clips that were judged.
    public var count: Int
    /// Share of clips that are right (with several labels a clip: all of them), with its 95% interval.
    public var accuracyInterval: Proportion
    /// Mean recall of the classes that occur; nil with several labels a clip.
    public var balancedAccuracy: Double?
    /// Mean precision of the classes, 0 ... 1.
    public var macroPrecision: Double
    /// Mean recall of the classes, 0 ... 1.
    public var macroRecall: Double
    /// Mean F1 of the classes, 0 ... 1.
    public var macroF1: Double
    /// F1 over all decisions of all classes together. With one label a clip it is the accuracy.
    public var microF1: Double
    /// One for each class, in the model's order.
    public var classes: [ClassScore]
    /// Clips of true class (row) that were called a class (column); nil with several labels a clip.
    public var confusion: [[Int]]?

    /// Share of clips that are right.
    public var accuracy: Double { accuracyInterval.value }

    /// One label a clip.
    ///
    /// - Parameters:
    ///   - labels: names of the classes.
    ///   - truth: the class of each clip, by number.
    ///   - predicted: the class it was called.
    /// - Throws: `TrainingError.data` if the counts differ or a number is no class's.
    public init(labels: [String], truth: [Int], predicted: [Int]) throws {
        guard truth.count == predicted.count else {
            throw TrainingError(.data, "\(predicted.count) predictions do not go with \(truth.count) labels")
        }
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        for (row, column) in zip(truth, predicted) {
            guard labels.indices.contains(row), labels.indices.contains(column) else {
                throw TrainingError(.data, "class \(row) or \(column) is none of the \(labels.count) classes")
            }
            confusion[row][column] += 1
        }
        let scores = labels.indices.map { index in
            ClassScore(
                labels[index], hits: confusion[index][index], support: confusion[index].reduce(0, +),
                called: confusion.reduce(0) { $0 + $1[index] })
        }
        let right = labels.indices.reduce(0) { $0 + confusion[$1][$1] }
        let occurring = scores.filter { $0.support > 0 }
        self.init(count: truth.count, right: right, scores)
        self.confusion = confusion
        balancedAccuracy = ClassScore.quotient(occurring.reduce(0) { $0 + $1.recall }, Double(occurring.count))
        microF1 = accuracy
    }

    /// Two classes, the second of which is called where its probability reaches `threshold`.
    /// - Throws: `TrainingError.data` as above, or if there are not two labels.
    public init(
        labels: [String], truth: [Int], positiveProbabilities: [Float], threshold: Float = 0.5
    ) throws {
        guard labels.count == 2 else {
            throw TrainingError(.data, "a threshold tells 2 classes apart, not \(labels.count)")
        }
        try self.init(labels: labels, truth: truth, predicted: positiveProbabilities.map { $0 >= threshold ? 1 : 0 })
    }

    /// Any number of labels a clip: a class is called where its probability reaches `threshold`.
    ///
    /// - Parameters:
    ///   - truth: the classes of each clip, by number.
    ///   - probabilities: `[clip, class]`
    /// - Throws: `TrainingError.data` if the counts differ or a number is no class's.
    public init(labels: [String], truth: [[Int]], probabilities: [[Float]], threshold: Float = 0.5) throws {
        guard truth.count == probabilities.count else {
            throw TrainingError(.data, "\(probabilities.count) predictions do not go with \(truth.count) clips")
        }
        let none = [Int](repeating: 0, count: labels.count)
        var (hits, support, called, right) = (none, none, none, 0)
        for (classes, row) in zip(truth.map(Set.init), probabilities) {
            guard classes.allSatisfy(labels.indices.contains), row.count == labels.count else {
                throw TrainingError(
                    .data, "a clip's labels or its \(row.count) probabilities do not go with \(labels.count) classes")
            }
            let found = Set(row.indices.filter { row[$0] >= threshold })
            for index in classes { support[index] += 1 }
            for index in found { called[index] += 1 }
            for index in classes.intersection(found) { hits[index] += 1 }
            if classes == found { right += 1 }
        }
        self.init(
            count: truth.count, right: right,
            labels.indices.map { ClassScore(labels[$0], hits: hits[$0], support: support[$0], called: called[$0]) })
        microF1 = ClassScore.quotient(
            2 * Double(hits.reduce(0, +)), Double(support.reduce(0, +) + called.reduce(0, +)))
    }

    private init(count: Int, right: Int, _ classes: [ClassScore]) {
        func mean(_ values: [Double]) -> Double { ClassScore.quotient(values.reduce(0, +), Double(values.count)) }
        self.count = count
        self.classes = classes
        accuracyInterval = Proportion(right, of: count)
        macroPrecision = mean(classes.map(\.precision))
        macroRecall = mean(classes.map(\.recall))
        macroF1 = mean(classes.map(\.f1))
        microF1 = 0
    }
}
