/// A number with a vector that is like another one.
public struct Neighbour: Sendable, Hashable {
    /// The number that the vector was added under.
    public var number: Int64
    /// The cosine of the two, -1...1.
    public var score: Float

    public init(number: Int64, score: Float) {
        self.number = number
        self.score = score
    }
}

/// What finds the vectors that are like others. The one that comes with Sora is `FAISSIndex`; a vector database would be
/// another.
public protocol VectorIndex: AnyObject {
    /// Numbers of a vector.
    var dimensions: Int { get }
    /// How many vectors there are, those that were taken out of the catalogue since included.
    var count: Int { get }

    /// Adds vectors of length 1.
    /// - Parameters:
    ///   - vectors: `[vector, number]`, one after the other.
    ///   - numbers: what they are called, each once.
    /// - Throws: `RetrievalError.vectors`.
    func add(_ vectors: [Float], numbers: [Int64]) throws

    /// The vectors most like each of some others of length 1, the most alike first.
    /// - Parameters:
    ///   - queries: `[query, number]`, one after the other.
    ///   - k: how many of each; fewer where there are not as many.
    /// - Throws: `RetrievalError.vectors`.
    func search(_ queries: [Float], k: Int) throws -> [[Neighbour]]
}
