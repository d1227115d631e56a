/// Says from a vector how likely each of several classes is. Made by `ClassifierKind.fit`, or from stored arrays.
public protocol Classifier: Sendable {
    /// Which method it is.
    var kind: ClassifierKind { get }
    /// How many classes there are.
    var classCount: Int { get }
    /// How many numbers a vector has.
    var featureCount: Int { get }

    /// The probability of each class, from 0 to 1, of sum 1.
    /// - Parameter vector: `featureCount` numbers.
    /// - Throws: `ClassifierError.data` if they are not as many.
    func probabilities(_ vector: [Float]) throws -> [Float]

    /// The numbers that make it up: `init(arrays, classCount:)` gives the same classifier.
    var arrays: ClassifierArrays { get }

    /// - Parameters:
    ///   - arrays: what `arrays` gave; checked in full, since it may come from anybody's file.
    ///   - classCount: how many classes there are, at least 2.
    /// - Throws: `ClassifierError.stored` naming the array and what is wrong with it.
    init(_ arrays: ClassifierArrays, classCount: Int) throws
}

extension Classifier {
    /// - Throws: `ClassifierError.data` if `vector` has not as many numbers as the classifier takes.
    func check(_ vector: [Float]) throws {
        guard vector.count == featureCount else {
            throw ClassifierError(
                .data, "the classifier takes vectors of \(featureCount) numbers, not \(vector.count)")
        }
    }
}

extension Collection where Element == Float, Index == Int {
    /// The place of the largest number, the first of several.
    public var likeliest: Int { indices.max { self[$0] < self[$1] } ?? startIndex }
}
