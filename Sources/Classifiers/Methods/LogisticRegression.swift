/// Multinomial logistic regression over standardised vectors: the least mean of `-log p(class)` and
/// `lambda / 2` times the sum of the squared weights. The same as scikit-learn's with `C = 1 / (rows * lambda)`.
///
/// Setting: `lambda`. The function has one least place, which L-BFGS finds from the strongest penalty to the weakest,
/// each from where the last one ended.
public struct LogisticRegression: Classifier {
    private let scaling: FeatureScaling
    /// `[class, feature]`, for standardised vectors.
    private let weights: [Float]
    /// `[class]`
    private let biases: [Float]
    /// How many classes there are.
    public var classCount: Int { biases.count }
    /// How many numbers a vector has.
    public var featureCount: Int { scaling.mean.count }
    public var kind: ClassifierKind { .logistic }

    private init(_ scaling: FeatureScaling, weights: [Float], biases: [Float]) {
        (self.scaling, self.weights, self.biases) = (scaling, weights, biases)
    }

    static func fit(_ data: LabelledVectors, _ settings: [ClassifierSettings]) -> [any Classifier] {
        fit(data, settings, FeatureScaling(data, .standard))
    }

    /// Fitted to vectors whose numbers are compared as they are, moved and multiplied by one factor: for embeddings, and far
    /// fewer of them than they have numbers, of whose deviations little is known.
    public init(evenly data: LabelledVectors, lambda: Double = 0.1) {
        self = Self.fit(data, [ClassifierSettings(["lambda": lambda])], FeatureScaling(data, .even))[0]
    }

    private static func fit(
        _ data: LabelledVectors, _ settings: [ClassifierSettings], _ scaling: FeatureScaling
    ) -> [LogisticRegression] {
        let rows = scaling.apply(to: data)
        // The weights are sums of the rows: with fewer rows than features they are sought among those alone.
        let span = data.count < data.featureCount ? RowSpan(rows, count: data.count) : nil
        let width = span == nil ? data.featureCount : data.count
        let objective = LogisticObjective(data, rows: span?.coordinates ?? rows, features: width)
        var start = [Double](repeating: 0, count: objective.size)
        var found: [Int: LogisticRegression] = [:]
        let lambdas = settings.map { $0["lambda", default: 0.1] }
        for index in settings.indices.sorted(by: { (lambdas[$1], $0) < (lambdas[$0], $1) }) {
            start = LBFGS.minimize(from: start) { objective.value($0, lambda: lambdas[index], gradient: &$1) }
            let count = data.classCount * width
            let weights = (0..<data.classCount).flatMap { label in
                let own = Array(start[label * width..<(label + 1) * width])
                return span?.vector(own) ?? own.map(Float.init)
            }
            found[index] = LogisticRegression(scaling, weights: weights, biases: start[count...].map(Float.init))
        }
        return settings.indices.compactMap { found[$0] }
    }

    /// The softmax of a product with each class's weights.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        try check(vector)
        let (scaled, width) = (scaling.apply(vector), featureCount)
        let scores = biases.enumerated().map { place, bias in
            Double(bias) + VectorMath.dot(scaled[...], weights[place * width..<(place + 1) * width])
        }
        return scores.softmax.map(Float.init)
    }
}

extension LogisticRegression {
    /// The scaling, weights `[class, feature]` and biases.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        scaling.store(in: &arrays)
        arrays.set("weights", [classCount, featureCount], weights)
        arrays.set("biases", [classCount], biases)
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(FeatureScaling.names.union(["weights", "biases"]))
        let scaling = try FeatureScaling(arrays)
        self.init(
            scaling, weights: try arrays.floats("weights", [classCount, scaling.mean.count]).values,
            biases: try arrays.floats("biases", [classCount]).values)
    }
}

/// What logistic regression makes least.
private struct LogisticObjective {
    /// `[row, feature]`, standardised.
    let rows: [Float]
    let labels: [Int]
    /// How much each row counts; of sum 1.
    let shares: [Double]
    let features: Int
    let classes: Int

    init(_ data: LabelledVectors, rows: [Float], features: Int) {
        self.rows = rows
        (labels, self.features, classes) = (data.labels, features, data.classCount)
        let sum = data.labels.reduce(0) { $0 + data.classWeights[$1] }
        shares = data.labels.map { data.classWeights[$0] / sum }
    }

    /// Weights `[class, feature]`, then a bias for each class.
    var size: Int { classes * (features + 1) }

    func value(_ point: [Double], lambda: Double, gradient: inout [Double]) -> Double {
        var (sum, square) = (0.0, 0.0)
        let biases = classes * features
        for place in 0..<biases {
            gradient[place] = lambda * point[place]
            square += point[place] * point[place]
        }
        for place in biases..<size { gradient[place] = 0 }
        var scores = [Double](repeating: 0, count: classes)
        for (row, label) in labels.enumerated() {
            let start = row * features
            for place in 0..<classes {
                scores[place] = point[biases + place] + product(point, place * features, rows, start)
            }
            let chances = scores.softmax
            sum -= shares[row] * logarithm(max(chances[label], 1e-300))
            for place in 0..<classes {
                let error = shares[row] * (chances[place] - (place == label ? 1 : 0))
                gradient[biases + place] += error
                add(error, rows, start, to: &gradient, place * features)
            }
        }
        return sum + lambda / 2 * square
    }

    /// Four sums side by side, in a fixed order.
    private func product(_ a: [Double], _ aStart: Int, _ b: [Float], _ bStart: Int) -> Double {
        let (a, b) = (a.span, b.span)
        var sums = SIMD4<Double>.zero
        var place = 0
        while place + 4 <= features {
            let (i, j) = (aStart + place, bStart + place)
            let x = SIMD4<Double>(a[i], a[i + 1], a[i + 2], a[i + 3])
            let y = SIMD4<Float>(b[j], b[j + 1], b[j + 2], b[j + 3])
            sums += x * SIMD4<Double>(y)
            place += 4
        }
        var total = sums.sum()
        while place < features {
            total += a[aStart + place] * Double(b[bStart + place])
            place += 1
        }
        return total
    }

    private func add(_ factor: Double, _ b: [Float], _ bStart: Int, to a: inout [Double], _ aStart: Int) {
        var a = a.mutableSpan
        let b = b.span
        for place in 0..<features { a[aStart + place] += factor * Double(b[bStart + place]) }
    }
}
