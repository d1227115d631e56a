internal import CXGBoost
internal import Foundation

/// Grows boosted trees with XGBoost.
enum XGBoost {
    /// One tree, node by node.
    struct Tree {
        /// The class whose score it adds to.
        var label: Int
        var features: [Int]
        /// The threshold of a question, or the value of a leaf.
        var conditions: [Float]
        /// The next node on each side, -1 at a leaf.
        var left: [Int]
        var right: [Int]
    }

    /// - Returns: the trees, round by round, of each class in a round.
    /// - Throws: `ClassifierError.library` if XGBoost refuses.
    static func fit(_ data: LabelledVectors, depth: Int, rounds: Int, seed: UInt64) throws -> [Tree] {
        try check(unsafe XGBSetGlobalConfig("{\"verbosity\": 0}"))
        let matrix = try XGBoostMatrix(data)
        let booster = try Booster(matrix)
        let parameters: [(String, String)] = [
            ("objective", "multi:softprob"), ("num_class", "\(data.classCount)"), ("max_depth", "\(depth)"),
            ("eta", "0.1"), ("lambda", "1"), ("min_child_weight", "1"), ("tree_method", "hist"),
            // One thread, so that sums are always in one order; a share of the features, as trees then differ.
            ("nthread", "1"), ("colsample_bytree", "0.5"), ("seed", "\(seed & 0x7FFF_FFFF)"), ("base_score", "0.5"),
        ]
        for (name, value) in parameters { try booster.set(name, value) }
        for round in 0..<rounds { try booster.update(round) }
        return try trees(booster.json(), classCount: data.classCount, featureCount: data.featureCount)
    }

    /// The parts of XGBoost's JSON that say what its trees are.
    private struct Saved: Decodable {
        struct Learner: Decodable { var gradientBooster: Booster }
        struct Booster: Decodable { var model: Model }
        struct Model: Decodable {
            var trees: [Tree]
            var treeInfo: [Int]
        }
        struct Tree: Decodable {
            var leftChildren: [Int]
            var rightChildren: [Int]
            var splitIndices: [Int]
            var splitConditions: [Float]
        }
        var learner: Learner
    }

    private static func trees(_ json: Data, classCount: Int, featureCount: Int) throws -> [Tree] {
        let model: Saved.Model
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            model = try decoder.decode(Saved.self, from: json).learner.gradientBooster.model
        } catch {
            throw ClassifierError(.library, "this version of XGBoost describes its trees in another way (\(error))")
        }
        return try zip(model.trees, model.treeInfo).map { tree, label in
            let count = tree.leftChildren.count
            let isSound =
                tree.rightChildren.count == count && tree.splitIndices.count == count
                && tree.splitConditions.count == count && (0..<classCount).contains(label)
                && (0..<count).allSatisfy { node in
                    let (left, right) = (tree.leftChildren[node], tree.rightChildren[node])
                    return left < 0
                        || (left > node && left < count && right > node && right < count
                            && (0..<featureCount).contains(tree.splitIndices[node]))
                }
            guard isSound, count > 0 else { throw ClassifierError(.library, "XGBoost made a tree that is none") }
            return Tree(
                label: label, features: tree.splitIndices, conditions: tree.splitConditions,
                left: tree.leftChildren, right: tree.rightChildren)
        }
    }

    /// - Throws: `ClassifierError.library` with XGBoost's own words unless `status` is 0.
    static func check(_ status: Int32) throws {
        guard status != 0 else { return }
        let words = unsafe XGBGetLastError().map { unsafe String(cString: $0) } ?? "no reason given"
        throw ClassifierError(.library, "XGBoost refuses: \(words.split(separator: "\n").first ?? "")")
    }
}

/// Owns XGBoost's copy of some vectors and their labels.
@safe final class XGBoostMatrix {
    let handle: DMatrixHandle

    init(_ data: LabelledVectors) throws {
        var made: DMatrixHandle?
        try XGBoost.check(
            unsafe XGDMatrixCreateFromMat(
                data.values, bst_ulong(data.count), bst_ulong(data.featureCount), .nan, &made))
        guard let made = unsafe made else { throw ClassifierError(.library, "XGBoost made no matrix") }
        unsafe handle = unsafe made
        let columns: [(String, [Float])] = [
            ("label", data.labels.map(Float.init)), ("weight", data.labels.map { Float(data.classWeights[$0]) }),
        ]
        for (name, values) in columns {
            try XGBoost.check(unsafe XGDMatrixSetFloatInfo(handle, name, values, bst_ulong(values.count)))
        }
    }

    deinit { unsafe XGDMatrixFree(handle) }
}

/// Owns one of XGBoost's learners, and keeps the matrix that it learns from.
@safe final class Booster {
    private let handle: BoosterHandle
    private let matrix: XGBoostMatrix

    init(_ matrix: XGBoostMatrix) throws {
        self.matrix = matrix
        var made: BoosterHandle?
        var cached: DMatrixHandle? = unsafe matrix.handle
        try XGBoost.check(unsafe XGBoosterCreate(&cached, 1, &made))
        guard let made = unsafe made else { throw ClassifierError(.library, "XGBoost made no learner") }
        unsafe handle = unsafe made
    }

    deinit { unsafe XGBoosterFree(handle) }

    func set(_ name: String, _ value: String) throws {
        try XGBoost.check(unsafe XGBoosterSetParam(handle, name, value))
    }

    /// One more round.
    func update(_ round: Int) throws {
        try XGBoost.check(unsafe XGBoosterUpdateOneIter(handle, Int32(round), matrix.handle))
    }

    /// The model as JSON.
    func json() throws -> Data {
        var count: bst_ulong = 0
        var bytes: UnsafePointer<CChar>?
        try XGBoost.check(unsafe XGBoosterSaveModelToBuffer(handle, "{\"format\": \"json\"}", &count, &bytes))
        guard let bytes = unsafe bytes else { throw ClassifierError(.library, "XGBoost gave no model") }
        return unsafe Data(bytes: bytes, count: Int(count))
    }
}
