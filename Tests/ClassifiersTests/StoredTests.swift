import Classifiers
import Testing

/// Classifiers as arrays, sound and not.
@Suite struct StoredTests {
    private func fitted(_ kind: ClassifierKind) throws -> any Classifier {
        let settings: [String: Double] =
            kind == .boosted ? ["depth": 2, "rounds": 3] : kind == .tree ? ["depth": 3, "leaf": 2] : [:]
        return try Oracle.shared.fit(kind, settings)
    }

    @Test(arguments: ClassifierKind.allCases) func whatIsStoredSaysTheSame(_ kind: ClassifierKind) throws {
        let classifier = try fitted(kind)
        let again = try kind.classifier(classifier.arrays, classCount: 3)
        #expect(again.arrays == classifier.arrays && again.kind == kind)
        for row in try Oracle.shared.rows {
            #expect(try again.probabilities(row) == classifier.probabilities(row))
        }
    }

    @Test(arguments: ClassifierKind.allCases) func arraysThatDoNotBelong(_ kind: ClassifierKind) throws {
        let sound = try fitted(kind).arrays
        for name in sound.entries.keys {
            var arrays = sound
            arrays.entries[name] = nil
            #expect(throws: ClassifierError.self, "\(name)") { try kind.classifier(arrays, classCount: 3) }
        }
        var arrays = sound
        arrays.set("more", [1], [1 as Float])
        #expect(throws: ClassifierError.self) { try kind.classifier(arrays, classCount: 3) }
        #expect(throws: ClassifierError.self) { try kind.classifier(sound, classCount: 1) }
        for other in ClassifierKind.allCases where other != kind {
            #expect(throws: ClassifierError.self, "\(other)") { try other.classifier(sound, classCount: 3) }
        }
    }

    /// A circle would never end, and a node with two parents would be drawn without end.
    @Test func treesThatAreNone() throws {
        let sound = try fitted(.tree).arrays
        let size = try #require(sound.entries["left"]).shape[0]
        func broken(_ name: String, _ change: (inout [Int32]) -> Void) throws {
            guard case .integers(var values)? = sound.entries[name]?.numbers else { throw CancellationError() }
            change(&values)
            var arrays = sound
            arrays.set(name, [values.count], values)
            #expect(throws: ClassifierError.self, "\(name) \(values)") {
                try ClassifierKind.tree.classifier(arrays, classCount: 3)
            }
        }
        try broken("left") { $0[0] = 0 }
        try broken("left") { $0[0] = Int32(size) }
        try broken("left") { $0[0] = -1 }
        try broken("left") { $0[0] = $0[0] + 1 }
        try broken("right") { $0[0] = 1 }
        try broken("features") { $0[0] = 5 }
        try broken("features") { $0[0] = -1 }
        try broken("roots") { $0 = [] }
        try broken("roots") { $0 = [1] }
        try broken("roots") { $0 = [0, 1] }
        try broken("width") { $0 = [0] }
    }

    /// Damage of every kind, drawn from a seed: arrays are read or refused, and what is read answers. Nothing traps.
    @Test(arguments: ClassifierKind.allCases) func fuzz(_ kind: ClassifierKind) throws {
        let sound = try fitted(kind).arrays
        let rows = try Oracle.shared.rows
        var random = SplitMix(state: 77)
        let end = ContinuousClock.now + .seconds(1)
        var (read, refused) = (0, 0)
        for _ in 0..<3000 where ContinuousClock.now < end {
            var arrays = sound
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.damage(&arrays, &random) }
            do {
                let classifier = try kind.classifier(arrays, classCount: Int.random(in: 2...4, using: &random))
                read += 1
                if classifier.featureCount < 100 {
                    let row = rows[read % rows.count] + [Float](repeating: 1, count: 100)
                    let found = try classifier.probabilities(Array(row.prefix(classifier.featureCount)))
                    #expect(found.count == classifier.classCount)
                }
                if let tree = classifier as? DecisionTree {
                    #expect(!tree.text(labels: [], features: []).isEmpty && !tree.svg(labels: [], features: []).isEmpty)
                }
            } catch {
                #expect(error is ClassifierError, "\(error)")
                refused += 1
            }
        }
        #expect(refused > 0 && read + refused > 100)
    }

    private static let odd: [Float] = [0, -1, 1e30, -1e30, .nan, .infinity, Float.leastNonzeroMagnitude, 0.5]
    private static let oddWhole: [Int32] = [0, 1, -1, 2, 7, 1000, .max, .min]

    private static func damage(_ arrays: inout ClassifierArrays, _ random: inout SplitMix) {
        guard let name = arrays.entries.keys.sorted().randomElement(using: &random), var entry = arrays.entries[name]
        else { return }
        switch Int.random(in: 0...5, using: &random) {
        case 0:
            if let axis = entry.shape.indices.randomElement(using: &random) {
                entry.shape[axis] = Int(oddWhole.randomElement(using: &random) ?? 0)
            }
        case 1: entry.shape.append(1)
        case 2:
            switch entry.numbers {
            case .floats(let values): entry.numbers = .floats(Array(values.dropLast()))
            case .integers(let values): entry.numbers = .integers(Array(values.dropLast()))
            }
            if entry.shape.count == 1 { entry.shape[0] = entry.numbers.count }
        default:
            switch entry.numbers {
            case .floats(var values):
                if let place = values.indices.randomElement(using: &random) {
                    values[place] = odd.randomElement(using: &random) ?? 0
                }
                entry.numbers = .floats(values)
            case .integers(var values):
                if let place = values.indices.randomElement(using: &random) {
                    values[place] = oddWhole.randomElement(using: &random) ?? 0
                }
                entry.numbers = .integers(values)
            }
        }
        arrays.entries[name] = entry
    }
}

/// Draws from a seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
