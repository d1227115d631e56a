import Foundation
import Testing
import Training

/// Figures against scikit-learn and statsmodels (Fixtures/metrics.py).
@Suite struct MetricsTests {
    struct Case: Decodable {
        var classes: Int?
        var truth, predicted: [Int]?
        var precision, recall, f1, macro, interval: [Double]
        var support: [Int]
        var accuracy: Double
        var balanced: Double?
        var confusion: [[Int]]?
    }

    struct Multi: Decodable {
        var truth: [[Int]]
        var probabilities: [[Float]]
        var micro: Double
    }

    struct Fixture: Decodable { var single: [Case] }
    struct MultiFixture: Decodable { var multi: Multi }
    struct MultiScores: Decodable { var multi: Scores }
    struct Scores: Decodable {
        var precision, recall, f1, macro, interval: [Double]
        var support: [Int]
        var accuracy: Double
    }

    private func load<T: Decodable>(_ type: T.Type) throws -> T {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/metrics.json")
        return try JSONDecoder().decode(type, from: Data(contentsOf: path))
    }

    private func close(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    @Test func singleLabelFiguresAreScikitLearns() throws {
        for each in try load(Fixture.self).single {
            let labels = (0..<(each.classes ?? 0)).map { "c\($0)" }
            let found = try Evaluation(labels: labels, truth: each.truth ?? [], predicted: each.predicted ?? [])
            #expect(close(found.classes.map(\.precision), each.precision))
            #expect(close(found.classes.map(\.recall), each.recall))
            #expect(close(found.classes.map(\.f1), each.f1))
            #expect(found.classes.map(\.support) == each.support)
            #expect(close([found.macroPrecision, found.macroRecall, found.macroF1], each.macro))
            #expect(
                close(
                    [found.accuracy, found.accuracyInterval.lower, found.accuracyInterval.upper],
                    [each.accuracy] + each.interval))
            #expect(close([found.balancedAccuracy ?? -1, found.microF1], [each.balanced ?? 0, each.accuracy]))
            #expect(found.confusion == each.confusion)
            #expect(try JSONDecoder().decode(Evaluation.self, from: JSONEncoder().encode(found)) == found)
        }
    }

    @Test func multiLabelFiguresAreScikitLearns() throws {
        let (data, scores) = (try load(MultiFixture.self).multi, try load(MultiScores.self).multi)
        let found = try Evaluation(labels: ["a", "b", "c", "d"], truth: data.truth, probabilities: data.probabilities)
        #expect(
            close(found.classes.map(\.precision), scores.precision) && close(found.classes.map(\.recall), scores.recall)
        )
        #expect(close(found.classes.map(\.f1), scores.f1) && found.classes.map(\.support) == scores.support)
        #expect(close([found.macroPrecision, found.macroRecall, found.macroF1], scores.macro))
        #expect(close([found.accuracy, found.microF1], [scores.accuracy, data.micro]))
        #expect(found.confusion == nil && found.balancedAccuracy == nil)
    }

    @Test func rendersTables() throws {
        let found = try Evaluation(
            labels: ["left", "right turn"], truth: [0, 0, 0, 1], positiveProbabilities: [0.1, 0.2, 0.9, 0.5])
        #expect(
            found.text == """
                clips              4
                accuracy           0.750  (95% interval 0.301 to 0.954)
                balanced accuracy  0.833

                class          precision  recall      F1   clips
                left               1.000   0.667   0.800       3
                right turn         0.500   1.000   0.667       1
                macro average      0.750   0.833   0.733

                confusion (rows: true class, columns: predicted)
                              1 2
                1 left        2 1
                2 right turn  . 1
                """)
    }

    @Test func refusesWhatDoesNotGoTogether() throws {
        #expect(throws: TrainingError.self) { try Evaluation(labels: ["a"], truth: [0, 0], predicted: [0]) }
        #expect(throws: TrainingError.self) { try Evaluation(labels: ["a"], truth: [1], predicted: [0]) }
        #expect(throws: TrainingError.self) {
            try Evaluation(labels: ["a"], truth: [[0]], probabilities: [[0.1, 0.2]])
        }
        let none = try Evaluation(labels: ["a", "b"], truth: [], predicted: [])
        #expect(none.accuracy == 0 && none.accuracyInterval.upper == 1 && none.macroF1 == 0 && !none.text.isEmpty)
    }
}
