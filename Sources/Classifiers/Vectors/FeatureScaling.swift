/// How each number of a vector is moved and scaled before a method sees it: kept with the classifier.
struct FeatureScaling: Sendable {
    /// What is subtracted from each number.
    let mean: [Float]
    /// What each number is then multiplied by.
    let factor: [Float]

    enum Style {
        /// Left as they are.
        case none
        /// Mean 0.
        case centred
        /// Mean 0 and deviation 1; a number that never changes is moved only.
        case standard
        /// Mean 0, and all numbers by one factor, so that their mean square is 1: what changes little stays little.
        case even
    }

    init(mean: [Float], factor: [Float]) { (self.mean, self.factor) = (mean, factor) }

    /// From the rows of some vectors; the deviation is that of all rows, not of a sample of more.
    init(_ data: LabelledVectors, _ style: Style) {
        let (count, rows) = (data.featureCount, Double(max(data.count, 1)))
        guard style != .none else {
            self.init(mean: [Float](repeating: 0, count: count), factor: [Float](repeating: 1, count: count))
            return
        }
        var sums = [Double](repeating: 0, count: count)
        for row in 0..<data.count {
            for (place, value) in data[row].enumerated() { sums[place] += Double(value) }
        }
        let means = sums.map { $0 / rows }
        guard style != .centred else {
            self.init(mean: means.map(Float.init), factor: [Float](repeating: 1, count: count))
            return
        }
        var squares = [Double](repeating: 0, count: count)
        for row in 0..<data.count {
            for (place, value) in data[row].enumerated() {
                let distance = Double(value) - means[place]
                squares[place] += distance * distance
            }
        }
        if style == .even {
            let square = squares.reduce(0, +) / (rows * Double(max(count, 1)))
            let factor = square > 0 ? Float(1 / square.squareRoot()) : 1
            self.init(mean: means.map(Float.init), factor: [Float](repeating: factor, count: count))
            return
        }
        self.init(
            mean: means.map(Float.init),
            factor: zip(squares, means).map { square, mean in
                let deviation = (square / rows).squareRoot()
                // What rounding alone makes of a constant is no deviation.
                return deviation > 1e-7 * max(abs(mean), 1e-30) ? Float(1 / deviation) : 1
            })
    }

    /// One vector, moved and scaled.
    func apply(_ vector: some Collection<Float>) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(mean.count)
        for (place, value) in vector.enumerated() { result.append((value - mean[place]) * factor[place]) }
        return result
    }

    /// All rows, one after the other.
    func apply(to data: LabelledVectors) -> [Float] {
        (0..<data.count).flatMap { apply(data[$0]) }
    }

    // MARK: Stored

    static let names: Set<String> = ["mean", "factor"]

    init(_ arrays: ClassifierArrays) throws {
        let mean = try arrays.floats("mean", [nil])
        guard !mean.values.isEmpty else { throw ClassifierArrays.fault("mean", "is empty") }
        self.init(mean: mean.values, factor: try arrays.floats("factor", [mean.values.count]).values)
    }

    func store(in arrays: inout ClassifierArrays) {
        arrays.set("mean", [mean.count], mean)
        arrays.set("factor", [factor.count], factor)
    }
}
