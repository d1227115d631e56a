/// A vote of the training vectors at the smallest angles, each weighted by the inverse of its cosine distance.
///
/// Settings: `k`, how many vote; `centred`, 1 to measure the angles from the vectors' mean. Cost of a prediction: a
/// product with every training vector.
public struct NearestNeighbours: Classifier {
    private let scaling: FeatureScaling
    /// `[row, feature]`, of length 1.
    private let vectors: [Float]
    private let labels: [Int]
    /// How many vote.
    public let votes: Int
    /// How many classes there are.
    public let classCount: Int
    /// How many numbers a vector has.
    public var featureCount: Int { scaling.mean.count }
    public var kind: ClassifierKind { .neighbours }

    static func fit(_ data: LabelledVectors, _ settings: [ClassifierSettings]) -> [any Classifier] {
        var prepared: [Bool: (FeatureScaling, [Float])] = [:]
        return settings.map { settings in
            let isCentred = settings["centred", default: 0] != 0
            let (scaling, vectors) = prepared[isCentred] ?? Self.prepare(data, isCentred)
            prepared[isCentred] = (scaling, vectors)
            return NearestNeighbours(
                scaling: scaling, vectors: vectors, labels: data.labels,
                votes: min(data.count, Int(settings["k", default: 5])), classCount: data.classCount)
        }
    }

    private init(scaling: FeatureScaling, vectors: [Float], labels: [Int], votes: Int, classCount: Int) {
        (self.scaling, self.vectors, self.labels, self.votes) = (scaling, vectors, labels, votes)
        self.classCount = classCount
    }

    private static func prepare(_ data: LabelledVectors, _ isCentred: Bool) -> (FeatureScaling, [Float]) {
        let scaling = FeatureScaling(data, isCentred ? .centred : .none)
        return (scaling, (0..<data.count).flatMap { VectorMath.normalized(scaling.apply(data[$0])) })
    }

    /// Each class's share of the votes.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        try check(vector)
        let (own, width) = (VectorMath.normalized(scaling.apply(vector)), featureCount)
        let cosines = labels.indices.map { VectorMath.dot(own[...], vectors[$0 * width..<($0 + 1) * width]) }
        let nearest = cosines.indices.sorted { (cosines[$1], $0) < (cosines[$0], $1) }.prefix(votes)
        var sums = [Double](repeating: 0, count: classCount)
        // The same vector again has no distance; it outweighs what has one.
        for row in nearest { sums[labels[row]] += 1 / max(1 - cosines[row], 1e-6) }
        let sum = sums.reduce(0, +)
        return sums.map { Float($0 / sum) }
    }
}

extension NearestNeighbours {
    /// The scaling, the vectors with their labels, and how many vote.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        scaling.store(in: &arrays)
        arrays.set("vectors", [labels.count, featureCount], vectors)
        arrays.set("labels", [labels.count], labels.map(Int32.init))
        arrays.set("votes", [1], [Int32(votes)])
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(FeatureScaling.names.union(["vectors", "labels", "votes"]))
        let scaling = try FeatureScaling(arrays)
        let (vectors, shape) = try arrays.floats("vectors", [nil, scaling.mean.count])
        guard shape[0] > 0 else { throw ClassifierArrays.fault("vectors", "is empty") }
        self.init(
            scaling: scaling, vectors: vectors,
            labels: try arrays.integers("labels", [shape[0]], in: 0...(classCount - 1)).values,
            votes: try arrays.integers("votes", [1], in: 1...shape[0]).values.first ?? 1, classCount: classCount)
    }
}
