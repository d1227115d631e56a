/// Trees of yes-or-no questions, one after the other: node by node, children behind their parents.
struct Forest: Sendable, Equatable {
    /// Which number of a vector a node looks at; -1 for a leaf.
    var features: [Int] = []
    /// A vector whose number is at most this goes to the left; 0 for a leaf.
    var thresholds: [Float] = []
    /// The next node on each side; 0 for a leaf.
    var left: [Int] = []
    var right: [Int] = []
    /// The first node of each tree, ascending.
    var roots: [Int] = []

    /// How many nodes there are.
    var count: Int { features.count }

    /// Adds a leaf.
    /// - Returns: its place.
    mutating func append() -> Int {
        features.append(-1)
        thresholds.append(0)
        left.append(0)
        right.append(0)
        return count - 1
    }

    /// Makes a leaf ask whether a number is at most `threshold`.
    mutating func split(_ node: Int, _ feature: Int, _ threshold: Float, left yes: Int, right no: Int) {
        (features[node], thresholds[node], left[node], right[node]) = (feature, threshold, yes, no)
    }

    /// The leaf that a vector comes to. `isBelow` says whether a number goes to the left of a threshold.
    func leaf(from root: Int, _ vector: [Float], isBelow: (Float, Float) -> Bool) -> Int {
        var node = root
        // Children stand behind their parents, so this ends.
        while features[node] >= 0 {
            node = isBelow(vector[features[node]], thresholds[node]) ? left[node] : right[node]
        }
        return node
    }
}

extension Forest {
    static let names: Set<String> = ["features", "thresholds", "left", "right", "roots"]

    func store(in arrays: inout ClassifierArrays) {
        arrays.set("thresholds", [count], thresholds)
        for (name, values) in [("features", features), ("left", left), ("right", right), ("roots", roots)] {
            arrays.set(name, [values.count], values.map(Int32.init))
        }
    }

    /// - Throws: `ClassifierError.stored` unless each node but the roots is the child of just one before it.
    init(_ arrays: ClassifierArrays, featureCount: Int) throws {
        thresholds = try arrays.floats("thresholds", [nil]).values
        let size = thresholds.count
        guard size > 0 else { throw ClassifierArrays.fault("thresholds", "is empty") }
        features = try arrays.integers("features", [size], in: -1...(featureCount - 1)).values
        left = try arrays.integers("left", [size], in: 0...(size - 1)).values
        right = try arrays.integers("right", [size], in: 0...(size - 1)).values
        roots = try arrays.integers("roots", [nil], in: 0...(size - 1)).values
        var parents = [Int](repeating: 0, count: size)
        for node in 0..<size where features[node] >= 0 {
            for child in [left[node], right[node]] {
                guard child > node else { throw ClassifierArrays.fault("left", "has a node before its parent") }
                parents[child] += 1
            }
        }
        for root in roots { parents[root] += 1 }
        guard parents.allSatisfy({ $0 == 1 }), zip(roots, roots.dropFirst()).allSatisfy(<) else {
            throw ClassifierArrays.fault("roots", "makes no trees of the nodes")
        }
    }
}
