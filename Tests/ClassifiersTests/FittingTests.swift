import Classifiers
import Testing

/// What fitting promises whatever the method.
@Suite struct FittingTests {
    @Test(arguments: ClassifierKind.allCases) func severalAtOnceAreThoseOneByOne(_ kind: ClassifierKind) throws {
        let data = try Oracle.shared.data()
        let all = try kind.grid(featureCount: data.featureCount)
        let settings = Array(all.enumerated().filter { $0.offset % 3 == 0 }.map(\.element).prefix(6))
        let together = try kind.fit(data, settings, seed: 5)
        #expect(together.count == settings.count)
        for (settings, classifier) in zip(settings, together) {
            let alone = try #require(try kind.fit(data, [settings], seed: 5).first)
            #expect(classifier.kind == kind && classifier.classCount == 3 && classifier.featureCount == 5)
            for row in try Oracle.shared.rows {
                let (found, expected) = (try classifier.probabilities(row), try alone.probabilities(row))
                // Logistic regression starts elsewhere, and ends within its tolerance; all others do the same again.
                let tolerance: Float = kind == .logistic ? 1e-3 : 0
                #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }, "\(settings)")
                #expect(abs(found.reduce(0, +) - 1) < 1e-5 && found.allSatisfy { (0...1).contains($0) })
            }
        }
    }

    /// Most of the vectors that it was fitted to, which overlap, and nearly all of those far apart.
    @Test(arguments: ClassifierKind.allCases) func classesFarApartAreToldApart(_ kind: ClassifierKind) throws {
        var values: [Float] = []
        var labels: [Int] = []
        for row in 0..<40 {
            let label = row % 2
            values += [Float(label * 8) + Float(row % 5) * 0.3, Float(8 - label * 8) + Float(row % 7) * 0.2, 1, 0.5]
            labels.append(label)
        }
        let data = try LabelledVectors(values, labels: labels, featureCount: 4, classCount: 2)
        for settings in try kind.grid(featureCount: 4, given: kind == .svm ? ["C": [1, 10]] : [:]) {
            guard settings.values["k"] ?? 0 < 10, settings.values["leaf"] ?? 0 < 10, settings.values["C"] ?? 1 >= 0.01
            else {
                continue
            }
            let classifier = try #require(try kind.fit(data, [settings]).first)
            let right = try (0..<40).count { try classifier.probabilities(data.vector($0)).likeliest == labels[$0] }
            #expect(right == 40, "\(settings)")
        }
    }

    /// One vector of each class is enough for those that ask for no more, and an error or an answer for the others.
    @Test(arguments: ClassifierKind.allCases) func oneOfEach(_ kind: ClassifierKind) throws {
        let data = try LabelledVectors([1, 0, 0, 0, 1, 0], labels: [0, 2], featureCount: 3, classCount: 4)
        for settings in try kind.grid(featureCount: 3) {
            for classifier in try kind.fit(data, [settings]) {
                let found = try classifier.probabilities([0.9, 0.1, 0])
                #expect(found.count == 4 && found.allSatisfy(\.isFinite))
                if kind == .prototypes || (kind == .neighbours && settings.values["k"] == 1) {
                    #expect(found.likeliest == 0 && found[1] == 0 && found[3] == 0)
                }
            }
        }
    }

    @Test(arguments: ClassifierKind.allCases) func constantAndRepeatedVectors(_ kind: ClassifierKind) throws {
        // All the same, of two classes: nothing to tell them by, and nothing to fail on.
        let same = try LabelledVectors(
            [Float](repeating: 3, count: 30), labels: (0..<10).map { $0 % 2 }, featureCount: 3, classCount: 2)
        let zero = try LabelledVectors(
            [Float](repeating: 0, count: 30), labels: (0..<10).map { $0 % 2 }, featureCount: 3, classCount: 2)
        for data in [same, zero] {
            let settings = try kind.standardSettings(featureCount: 3)
            let classifier = try #require(try kind.fit(data, [settings]).first)
            #expect(try classifier.probabilities([3, 3, 3]).allSatisfy(\.isFinite))
        }
    }

    @Test func whatCannotBeFittedIsSaid() throws {
        func expect(_ code: ClassifierError.Code, _ word: String, _ body: () throws -> Void) {
            do {
                try body()
                Issue.record("no error: \(word)")
            } catch let error as ClassifierError {
                #expect(error.code == code && error.message.contains(word), "\(error)")
            } catch { Issue.record(error) }
        }
        expect(.data, "vectors of 2 numbers") {
            _ = try LabelledVectors([1, 2, 3], labels: [0, 1], featureCount: 2, classCount: 2)
        }
        expect(.data, "outside") { _ = try LabelledVectors([1, 2], labels: [0, 2], featureCount: 1, classCount: 2) }
        expect(.data, "no number") {
            _ = try LabelledVectors([1, .nan], labels: [0, 1], featureCount: 1, classCount: 2)
        }
        for kind in ClassifierKind.allCases {
            expect(.data, "two classes") {
                let one = try LabelledVectors([1, 2], labels: [1, 1], featureCount: 1, classCount: 2)
                _ = try kind.fit(one, [ClassifierSettings()])
            }
            expect(.settings, "no setting colour") { _ = try kind.grid(featureCount: 3, given: ["colour": [1]]) }
            expect(.settings, "must be") {
                let data = try Oracle.shared.data()
                let name = try #require(kind.settings(featureCount: 3).first?.name)
                _ = try kind.fit(data, [ClassifierSettings([name: .nan])])
            }
            let classifier = try #require(
                try kind.fit(Oracle.shared.data(), [kind.standardSettings(featureCount: 5)]).first)
            expect(.data, "vectors of 5 numbers") { _ = try classifier.probabilities([1, 2, 3]) }
        }
        expect(.settings, "whole") { _ = try ClassifierKind.tree.grid(featureCount: 3, given: ["depth": [2.5]]) }
    }

    /// With more numbers than vectors too, the weights are where the slopes are 0:
    /// `lambda * weights = -mean of (probability - truth) * vector`.
    @Test(arguments: [false, true]) func logisticRegressionOfWideVectors(_ isBalanced: Bool) throws {
        let (count, width, lambda) = (13, 60, 0.2)
        var random = SplitMix(state: 3)
        var values = (0..<count * width).map { _ in Float.random(in: -1...1, using: &random) }
        // One row is another's again, and one number never changes.
        values.replaceSubrange(width..<2 * width, with: values[..<width])
        for row in 0..<count { values[row * width + 5] = 2 }
        let labels = (0..<count).map { $0 % 5 % 3 }
        let data = try LabelledVectors(
            values, labels: labels, featureCount: width, classCount: 3, isBalanced: isBalanced)
        let classifier = try #require(
            try ClassifierKind.logistic.fit(data, [ClassifierSettings(["lambda": lambda])]).first)
        let arrays = classifier.arrays
        let (weights, mean, factor) = (arrays.floats("weights"), arrays.floats("mean"), arrays.floats("factor"))
        let sum = labels.reduce(0) { $0 + data.classWeights[$1] }
        var slopes = weights.map { lambda * Double($0) }
        var biases = [0.0, 0, 0]
        for row in 0..<count {
            let vector = data.vector(row)
            let chances = try classifier.probabilities(vector)
            for label in 0..<3 {
                let error =
                    (Double(chances[label]) - (labels[row] == label ? 1 : 0)) * data.classWeights[labels[row]] / sum
                biases[label] += error
                for place in 0..<width {
                    slopes[label * width + place] += error * Double((vector[place] - mean[place]) * factor[place])
                }
            }
        }
        let steepest = (slopes + biases).map { abs($0) }.max() ?? 1
        let largest = weights.map { abs($0) }.max() ?? 0
        #expect(steepest < 2e-5 && largest > 0.02)
    }

    @Test func settingsAsText() {
        #expect(ClassifierSettings(["gamma": 0.000390625, "C": 10]).description == "C 10, gamma 0.0003906")
        #expect(ClassifierSettings(["depth": 3]).description == "depth 3")
        #expect(ClassifierSettings().description == "-")
        #expect(
            ClassifierSettings.grid([("a", [1, 2]), ("b", [3, 4])]).map(\.description) == [
                "a 1, b 3", "a 1, b 4", "a 2, b 3", "a 2, b 4",
            ])
    }
}
