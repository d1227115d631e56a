/// One tree of questions about single numbers of the vector, with the classes' shares among the training vectors at each
/// answer. `text` and `svg` show it.
///
/// Settings: `depth`, the most questions; `leaf`, the fewest vectors that an answer rests on. Of our own, since XGBoost
/// before 2.0 grows a tree for each class, which together answer but cannot be read.
public struct DecisionTree: Classifier {
    let forest: Forest
    /// `[node, class]`: the shares of the classes.
    let shares: [Float]
    /// How many training vectors came to each node.
    let counts: [Int]
    /// How many classes there are.
    public let classCount: Int
    /// How many numbers a vector has.
    public let featureCount: Int
    public var kind: ClassifierKind { .tree }

    private init(_ forest: Forest, shares: [Float], counts: [Int], classCount: Int, featureCount: Int) {
        (self.forest, self.shares, self.counts) = (forest, shares, counts)
        (self.classCount, self.featureCount) = (classCount, featureCount)
    }

    static func fit(_ data: LabelledVectors, _ settings: [ClassifierSettings]) throws -> [any Classifier] {
        func number(_ settings: ClassifierSettings, _ name: String, _ standard: Double) -> Int {
            Int(settings[name, default: standard])
        }
        // A tree of less depth is the top of a deeper one.
        let deepest = Dictionary(
            settings.map { (number($0, "leaf", 1), number($0, "depth", 8)) }, uniquingKeysWith: max)
        var grown: [Int: TreeGrowth] = [:]
        for (leaf, depth) in deepest { grown[leaf] = TreeGrowth(data, depth: depth, leastLeaf: leaf) }
        return settings.compactMap { settings in
            grown[number(settings, "leaf", 1)].map {
                DecisionTree($0, depth: number(settings, "depth", 8), featureCount: data.featureCount)
            }
        }
    }

    /// The top of a tree, down to `depth` questions.
    private init(_ grown: TreeGrowth, depth: Int, featureCount: Int) {
        let kept = grown.depths.indices.filter { grown.depths[$0] <= depth }
        let places = Dictionary(kept.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var forest = Forest(roots: [0])
        for old in kept {
            let node = forest.append()
            guard grown.depths[old] < depth, grown.forest.features[old] >= 0,
                let left = places[grown.forest.left[old]], let right = places[grown.forest.right[old]]
            else { continue }
            forest.split(node, grown.forest.features[old], grown.forest.thresholds[old], left: left, right: right)
        }
        let shares = kept.flatMap { old in
            let sum = grown.weights[old].reduce(0, +)
            return grown.weights[old].map { Float($0 / sum) }
        }
        self.init(
            forest, shares: shares, counts: kept.map { grown.counts[$0] }, classCount: grown.weights[0].count,
            featureCount: featureCount)
    }

    /// The classes' shares at the answer that the vector comes to. Cost: a question for each level.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        try check(vector)
        return classShares(forest.leaf(from: 0, vector) { $0 <= $1 })
    }

    /// The classes' shares at a node.
    func classShares(_ node: Int) -> [Float] { Array(shares[node * classCount..<(node + 1) * classCount]) }
}

extension DecisionTree {
    /// The questions, and at each node the classes' shares and how many vectors came to it.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        forest.store(in: &arrays)
        arrays.set("shares", [forest.count, classCount], shares)
        arrays.set("counts", [forest.count], counts.map { Int32(clamping: $0) })
        arrays.set("width", [1], [Int32(clamping: featureCount)])
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(Forest.names.union(["shares", "counts", "width"]))
        let width = try arrays.integers("width", [1], in: 1...Int(Int32.max)).values.first ?? 1
        let forest = try Forest(arrays, featureCount: width)
        guard forest.roots == [0] else { throw ClassifierArrays.fault("roots", "should be one tree's") }
        let shares = try arrays.floats("shares", [forest.count, classCount]).values
        guard shares.allSatisfy({ (0...1).contains($0) }) else {
            throw ClassifierArrays.fault("shares", "should lie in 0...1")
        }
        self.init(
            forest, shares: shares,
            counts: try arrays.integers("counts", [forest.count], in: 0...Int(Int32.max)).values,
            classCount: classCount, featureCount: width)
    }
}
