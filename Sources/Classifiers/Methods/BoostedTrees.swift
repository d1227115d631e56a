/// Small trees whose answers are added up, each fitted to what those before it leave unexplained, a tree of each class in
/// each round: XGBoost (Chen & Guestrin 2016) with the objective `multi:softprob`.
///
/// XGBoost grows them; they are kept as arrays that are checked on reading, and added up here. Settings: `depth`,
/// `rounds`.
public struct BoostedTrees: Classifier {
    private let forest: Forest
    /// What each leaf adds to its class's score.
    private let values: [Float]
    /// The class of each tree.
    private let classes: [Int]
    /// How many classes there are.
    public let classCount: Int
    /// How many numbers a vector has.
    public let featureCount: Int
    public var kind: ClassifierKind { .boosted }
    /// How many trees there are.
    public var treeCount: Int { classes.count }

    private init(_ forest: Forest, values: [Float], classes: [Int], classCount: Int, featureCount: Int) {
        (self.forest, self.values, self.classes) = (forest, values, classes)
        (self.classCount, self.featureCount) = (classCount, featureCount)
    }

    static func fit(
        _ data: LabelledVectors, _ settings: [ClassifierSettings], seed: UInt64
    ) throws -> [any Classifier] {
        func number(_ settings: ClassifierSettings, _ name: String, _ standard: Double) -> Int {
            Int(settings[name, default: standard])
        }
        // The trees of fewer rounds are the first of those of more.
        let most = Dictionary(
            settings.map { (number($0, "depth", 3), number($0, "rounds", 100)) }, uniquingKeysWith: max)
        var grown: [Int: BoostedTrees] = [:]
        for (depth, rounds) in most.sorted(by: { $0.key < $1.key }) {
            grown[depth] = BoostedTrees(try XGBoost.fit(data, depth: depth, rounds: rounds, seed: seed), data)
        }
        return settings.compactMap { settings in
            grown[number(settings, "depth", 3)]?
                .first(trees: number(settings, "rounds", 100) * data.classCount)
        }
    }

    private init(_ trees: [XGBoost.Tree], _ data: LabelledVectors) {
        var forest = Forest()
        var values: [Float] = []
        for tree in trees {
            let root = forest.count
            forest.roots.append(root)
            for node in tree.features.indices {
                let place = forest.append()
                values.append(tree.left[node] < 0 ? tree.conditions[node] : 0)
                guard tree.left[node] >= 0 else { continue }
                forest.split(
                    place, tree.features[node], tree.conditions[node], left: root + tree.left[node],
                    right: root + tree.right[node])
            }
        }
        self.init(
            forest, values: values, classes: trees.map(\.label), classCount: data.classCount,
            featureCount: data.featureCount)
    }

    private func first(trees count: Int) -> BoostedTrees {
        guard count < treeCount else { return self }
        let end = forest.roots[count]
        var top = Forest(roots: Array(forest.roots[..<count]))
        top.features = Array(forest.features[..<end])
        top.thresholds = Array(forest.thresholds[..<end])
        (top.left, top.right) = (Array(forest.left[..<end]), Array(forest.right[..<end]))
        return BoostedTrees(
            top, values: Array(values[..<end]), classes: Array(classes[..<count]), classCount: classCount,
            featureCount: featureCount)
    }

    /// The softmax of what the trees add up to. Cost: a question for each level of each tree.
    public func probabilities(_ vector: [Float]) throws -> [Float] {
        try check(vector)
        var scores = [Float](repeating: 0, count: classCount)
        for (root, label) in zip(forest.roots, classes) {
            // XGBoost goes to the left below the threshold, not at it.
            scores[label] += values[forest.leaf(from: root, vector) { $0 < $1 }]
        }
        return scores.map(Double.init).softmax.map(Float.init)
    }
}

extension BoostedTrees {
    /// The questions of all trees, what each leaf adds, and each tree's class.
    public var arrays: ClassifierArrays {
        var arrays = ClassifierArrays()
        forest.store(in: &arrays)
        arrays.set("values", [forest.count], values)
        arrays.set("classes", [classes.count], classes.map(Int32.init))
        arrays.set("width", [1], [Int32(clamping: featureCount)])
        return arrays
    }

    public init(_ arrays: ClassifierArrays, classCount: Int) throws {
        try arrays.require(Forest.names.union(["values", "classes", "width"]))
        let width = try arrays.integers("width", [1], in: 1...Int(Int32.max)).values.first ?? 1
        let forest = try Forest(arrays, featureCount: width)
        self.init(
            forest, values: try arrays.floats("values", [forest.count]).values,
            classes: try arrays.integers("classes", [forest.roots.count], in: 0...(classCount - 1)).values,
            classCount: classCount, featureCount: width)
    }
}
