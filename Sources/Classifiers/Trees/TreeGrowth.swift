/// Grows a decision tree (CART, Breiman et al. 1984): at each node the question after which the classes are purest, by
/// Gini's measure; of several as good, the one of the first feature and the least threshold.
struct TreeGrowth {
    private let data: LabelledVectors
    private let depth: Int
    private let leastLeaf: Int
    private(set) var forest = Forest()
    /// `[node, class]`: how much the rows that came to a node weigh.
    private(set) var weights: [[Double]] = []
    /// How many rows came to each node.
    private(set) var counts: [Int] = []
    /// How many questions come before each node.
    private(set) var depths: [Int] = []

    /// - Parameters:
    ///   - depth: the most questions before an answer.
    ///   - leastLeaf: the fewest rows that an answer may rest on.
    init(_ data: LabelledVectors, depth: Int, leastLeaf: Int) {
        (self.data, self.depth, self.leastLeaf) = (data, depth, leastLeaf)
        forest.roots = [0]
        grow(Array(0..<data.count), depth: 0)
    }

    @discardableResult
    private mutating func grow(_ rows: [Int], depth level: Int) -> Int {
        let node = forest.append()
        weights.append(classWeights(rows))
        counts.append(rows.count)
        depths.append(level)
        guard level < depth, weights[node].count(where: { $0 > 0 }) > 1, let best = question(rows) else { return node }
        let (yes, no) = (
            rows.filter { value($0, best.feature) <= best.threshold },
            rows.filter { value($0, best.feature) > best.threshold }
        )
        let left = grow(yes, depth: level + 1)
        let right = grow(no, depth: level + 1)
        forest.split(node, best.feature, best.threshold, left: left, right: right)
        return node
    }

    private func value(_ row: Int, _ feature: Int) -> Float { data.values[row * data.featureCount + feature] }

    private func classWeights(_ rows: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: data.classCount)
        for row in rows { sums[data.labels[row]] += data.classWeights[data.labels[row]] }
        return sums
    }

    private func question(_ rows: [Int]) -> (feature: Int, threshold: Float)? {
        let total = classWeights(rows)
        var best: (score: Double, feature: Int, threshold: Float)?
        for feature in 0..<data.featureCount {
            var ordered = rows.map { (value: value($0, feature), label: data.labels[$0]) }
            ordered.sort { $0.value < $1.value }
            guard let least = ordered.first?.value, let most = ordered.last?.value, least < most else { continue }
            // Sums of squares are kept up to date, rather than summed anew over the classes at each row.
            var (left, right) = ([Double](repeating: 0, count: total.count), total)
            var (leftSquares, rightSquares) = (0.0, total.reduce(0) { $0 + $1 * $1 })
            var (leftSum, rightSum) = (0.0, total.reduce(0, +))
            for place in 0..<ordered.count - 1 {
                let label = ordered[place].label
                let weight = data.classWeights[label]
                leftSquares += weight * (2 * left[label] + weight)
                rightSquares += weight * (weight - 2 * right[label])
                left[label] += weight
                right[label] -= weight
                leftSum += weight
                rightSum -= weight
                guard ordered[place].value < ordered[place + 1].value, place + 1 >= leastLeaf,
                    ordered.count - place - 1 >= leastLeaf
                else { continue }
                // The least impurity is the largest of these.
                let score = leftSquares / leftSum + rightSquares / rightSum
                if score > (best?.score ?? -.infinity) + 1e-12 {
                    best = (score, feature, Self.between(ordered[place].value, ordered[place + 1].value))
                }
            }
        }
        return best.map { ($0.feature, $0.threshold) }
    }

    /// The middle of two numbers, below the second.
    private static func between(_ a: Float, _ b: Float) -> Float {
        let middle = Float((Double(a) + Double(b)) / 2)
        return middle < b ? middle : a
    }
}
