import Classifiers
import Foundation
import Testing

/// What scikit-learn and XGBoost's Python package made of fixed vectors: `Fixtures/classifiers.json`, from
/// `classifiers.py` beside it.
struct Oracle: Decodable {
    struct Machine: Decodable {
        var decisions, probabilities, vectors, coefficients: [[Double]]
        var counts: [Int]
        var offsets, slopes, shifts: [Double]
    }
    struct Logistic: Decodable {
        var lambda: Double
        var isBalanced: Bool
        var weights, biases: [Double]
        var probabilities: [[Double]]
    }
    struct Neighbours: Decodable {
        var centred, k: Double
        var probabilities: [[Double]]
    }
    struct Prototype: Decodable {
        var centred: Double
        var probabilities: [[Double]]
    }
    struct Tree: Decodable {
        var depth, leaf: Double
        var isBalanced: Bool
        var features, left, right, counts: [Int]
        var thresholds: [Double]
        var probabilities: [[Double]]
    }
    struct Boosted: Decodable {
        var depth, rounds: Double
        var isBalanced: Bool
        var probabilities: [[Double]]
    }

    var train, test: [Float]
    var labels: [Int]
    var features, classes: Int
    var mean, deviation: [Double]
    var svm, linear: Machine
    var weightedDecisions: [[Double]]
    var logistic: [Logistic]
    var neighbours: [Neighbours]
    var prototypes: [Prototype]
    var trees: [Tree]
    var boosted: [Boosted]

    static let made = Result {
        let url = Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: "classifiers.json")
        return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: url))
    }
    static var shared: Oracle { get throws { try made.get() } }

    /// The vectors to fit to.
    func data(isBalanced: Bool = false) throws -> LabelledVectors {
        try LabelledVectors(
            train, labels: labels, featureCount: features, classCount: classes, isBalanced: isBalanced)
    }

    /// The vectors to judge by.
    var rows: [[Float]] { (0..<test.count / features).map { Array(test[$0 * features..<($0 + 1) * features]) } }

    /// Fits one classifier.
    func fit(
        _ kind: ClassifierKind, _ settings: [String: Double], isBalanced: Bool = false, seed: UInt64 = 1
    ) throws -> any Classifier {
        try #require(try kind.fit(data(isBalanced: isBalanced), [ClassifierSettings(settings)], seed: seed).first)
    }

    /// Expects a classifier's probabilities of the vectors to judge by.
    func expect(
        _ classifier: any Classifier, _ expected: [[Double]], within tolerance: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try rows.map { try classifier.probabilities($0) }
        #expect(largestDifference(found, expected) <= tolerance, sourceLocation: sourceLocation)
    }
}

/// The largest difference of numbers that go together; infinite where their counts differ or one is none.
func largestDifference(_ found: [[Float]], _ expected: [[Double]]) -> Double {
    largestDifference(found.map { $0.map(Double.init) }, expected)
}

func largestDifference(_ found: [[Double]], _ expected: [[Double]]) -> Double {
    guard found.map(\.count) == expected.map(\.count) else { return .infinity }
    let differences = zip(found.joined(), expected.joined()).map { abs($0 - $1) }
    return differences.allSatisfy(\.isFinite) ? differences.max() ?? 0 : .infinity
}

extension ClassifierArrays {
    mutating func set(_ name: String, _ shape: [Int], _ values: [Float]) {
        entries[name] = Entry(shape: shape, .floats(values))
    }

    mutating func set(_ name: String, _ shape: [Int], _ values: [Int32]) {
        entries[name] = Entry(shape: shape, .integers(values))
    }

    /// The numbers of an array of floats; none if it is not one.
    func floats(_ name: String) -> [Float] {
        guard case .floats(let values)? = entries[name]?.numbers else { return [] }
        return values
    }

    /// The numbers of an array of whole numbers; none if it is not one.
    func integers(_ name: String) -> [Int] {
        guard case .integers(let values)? = entries[name]?.numbers else { return [] }
        return values.map(Int.init)
    }
}
