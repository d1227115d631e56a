import Classifiers
import Testing

/// Every method against scikit-learn or XGBoost's Python package, on vectors of three classes of unequal size.
@Suite struct OracleTests {
    private func decisions(_ classifier: any Classifier, _ oracle: Oracle) throws -> [[Double]] {
        let machine = try #require(classifier as? SupportVectorMachine)
        return try oracle.rows.map { try machine.decisions($0) }
    }

    /// The same library on the same kernel, but for single precision; both stop within 1e-3 of the least.
    @Test func machinesDecideAsScikitLearnDoes() throws {
        let oracle = try Oracle.shared
        let round = try oracle.fit(.svm, ["C": 2, "gamma": 0.15])
        #expect(try largestDifference(decisions(round, oracle), oracle.svm.decisions) < 5e-3)
        #expect((round as? SupportVectorMachine)?.vectorCount == oracle.svm.counts.reduce(0, +))
        let linear = try oracle.fit(.linearSVM, ["C": 2])
        #expect(try largestDifference(decisions(linear, oracle), oracle.linear.decisions) < 5e-3)
        let weighted = try oracle.fit(.svm, ["C": 2, "gamma": 0.15], isBalanced: true)
        #expect(try largestDifference(decisions(weighted, oracle), oracle.weightedDecisions) < 5e-3)
        #expect(try largestDifference(decisions(weighted, oracle), oracle.svm.decisions) > 0.05)
    }

    /// The sigmoids are fitted to folds that LIBSVM draws, which scikit-learn's copy draws otherwise.
    @Test func machinesProbabilitiesAreNear() throws {
        let oracle = try Oracle.shared
        try oracle.expect(oracle.fit(.svm, ["C": 2, "gamma": 0.15]), oracle.svm.probabilities, within: 0.15)
        try oracle.expect(oracle.fit(.linearSVM, ["C": 2]), oracle.linear.probabilities, within: 0.15)
    }

    /// A machine made of scikit-learn's numbers gives scikit-learn's probabilities.
    @Test(arguments: [true, false]) func machinesOfOthersNumbers(_ isLinear: Bool) throws {
        let oracle = try Oracle.shared
        let machine = isLinear ? oracle.linear : oracle.svm
        func floats(_ values: [Double]) -> [Float] { values.map(Float.init) }
        var arrays = ClassifierArrays()
        arrays.set("mean", [oracle.features], floats(oracle.mean))
        arrays.set("factor", [oracle.features], floats(oracle.deviation.map { 1 / $0 }))
        arrays.set("gamma", [isLinear ? 0 : 1], isLinear ? [] : [0.15 as Float])
        arrays.set("vectors", [machine.vectors.count, oracle.features], floats(Array(machine.vectors.joined())))
        arrays.set("labels", [3], [0, 1, 2] as [Int32])
        arrays.set("counts", [3], machine.counts.map(Int32.init))
        arrays.set("coefficients", [2, machine.vectors.count], floats(Array(machine.coefficients.joined())))
        for (name, values) in [
            ("offsets", machine.offsets), ("slopes", machine.slopes), ("shifts", machine.shifts),
        ] { arrays.set(name, [3], floats(values)) }
        let classifier = try SupportVectorMachine(arrays, classCount: 3)
        #expect(try largestDifference(decisions(classifier, oracle), machine.decisions) < 1e-4)
        try oracle.expect(classifier, machine.probabilities, within: 1e-4)
    }

    @Test func logisticRegression() throws {
        let oracle = try Oracle.shared
        for expected in oracle.logistic {
            let classifier = try oracle.fit(
                .logistic, ["lambda": expected.lambda], isBalanced: expected.isBalanced)
            #expect(largestDifference([classifier.arrays.floats("weights")], [expected.weights]) < 2e-4)
            #expect(largestDifference([classifier.arrays.floats("biases")], [expected.biases]) < 2e-4)
            try oracle.expect(classifier, expected.probabilities, within: 1e-4)
        }
    }

    @Test func neighboursAndPrototypes() throws {
        let oracle = try Oracle.shared
        for expected in oracle.neighbours {
            let classifier = try oracle.fit(.neighbours, ["k": expected.k, "centred": expected.centred])
            // The inverse of a small distance makes much of its rounding.
            try oracle.expect(classifier, expected.probabilities, within: 2e-3)
        }
        for expected in oracle.prototypes {
            try oracle.expect(
                oracle.fit(.prototypes, ["centred": expected.centred]), expected.probabilities, within: 1e-4)
        }
    }

    /// Node for node.
    @Test func decisionTrees() throws {
        let oracle = try Oracle.shared
        for expected in oracle.trees {
            let classifier = try oracle.fit(
                .tree, ["depth": expected.depth, "leaf": expected.leaf], isBalanced: expected.isBalanced)
            let found = classifier.arrays
            #expect(found.integers("features") == expected.features && found.integers("roots") == [0])
            #expect(found.integers("left") == expected.left && found.integers("right") == expected.right)
            #expect(found.integers("counts") == expected.counts)
            #expect(largestDifference([found.floats("thresholds")], [expected.thresholds]) < 1e-5)
            try oracle.expect(classifier, expected.probabilities, within: 1e-6)
        }
    }

    @Test func boostedTrees() throws {
        let oracle = try Oracle.shared
        for expected in oracle.boosted {
            let classifier = try oracle.fit(
                .boosted, ["depth": expected.depth, "rounds": expected.rounds], isBalanced: expected.isBalanced,
                seed: 11)
            #expect((classifier as? BoostedTrees)?.treeCount == Int(expected.rounds) * oracle.classes)
            try oracle.expect(classifier, expected.probabilities, within: 1e-5)
        }
    }
}
