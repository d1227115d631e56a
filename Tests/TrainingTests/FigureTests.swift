import Foundation
import SoraModel
import Testing
import Training

/// Figures, curves and calibration against scikit-learn, SciPy and NumPy (Fixtures/figures.py).
@Suite struct FigureTests {
    struct Curves: Decodable, Sendable {
        var auc, averagePrecision: Double
        var falsePositiveRate, truePositiveRate, precision, recall: [Double]
        var threshold, levels: [Double?]
    }

    struct Bins: Decodable, Sendable {
        var share, probability: [Double]
        var count: [Int]
        var expectedError, largestError: Double
    }

    struct Wanted: Decodable, Sendable {
        var share: Double
        var threshold, accuracy: Double?
        var answered: Int
    }

    struct Case: Decodable, Sendable {
        var labels: [String]
        var truth: [Int]?
        var truths: [[Int]]?
        var probabilities: [[Double]]
        var curves: [Curves]
        var figures: [String: Double]
        var reliability: Bins
        var top: [Double]?
        var wanted: [Wanted]?

        func table() throws -> PredictionTable {
            let truths = truths ?? truth?.map { [$0] } ?? []
            return try PredictionTable(
                labels: labels, isMultiLabel: truth == nil,
                rows: zip(truths, probabilities).enumerated().map {
                    PredictionTable.Row(path: "\($0).mp4", truth: $1.0, probabilities: $1.1)
                })
        }
    }

    struct Fitted: Decodable, Sendable {
        var head: Head.Kind
        var logits: [[Float]]
        var truth: [[Int]]
        var temperature: Double
    }

    struct Fixture: Decodable, Sendable {
        struct Pair: Decodable, Sendable {
            var a, b: Int
            var p: Double
        }
        struct Percentiles: Decodable, Sendable { var values, shares, found: [Double] }
        var single: [Case]
        var multi: Case
        var temperatures: [Fitted]
        var mcNemar: [Pair]
        var percentiles: Percentiles
    }

    static let fixture = Result {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/figures.json")
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: path))
    }
    private let fixture: Fixture
    init() throws { fixture = try Self.fixture.get() }

    private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }

    @Test func curvesAreScikitLearns() throws {
        for each in fixture.single + [fixture.multi] {
            let table = try each.table()
            for (label, (found, expected)) in zip(table.curves, each.curves).enumerated() {
                let (roc, recall) = (try #require(found.roc), try #require(found.precisionRecall))
                #expect(close(roc.falsePositiveRate, expected.falsePositiveRate))
                #expect(close(roc.truePositiveRate, expected.truePositiveRate))
                #expect(roc.threshold.elementsEqual(expected.threshold))
                #expect(close(recall.precision, expected.precision) && close(recall.recall, expected.recall))
                // scikit-learn has no threshold for the point of no recall.
                #expect(
                    recall.threshold.first == .some(nil) && recall.threshold.dropFirst().elementsEqual(expected.levels))
                let scores = table.ranked(label)
                #expect(close([try #require(scores.area())], [expected.auc]))
                #expect(close([try #require(scores.averagePrecision())], [expected.averagePrecision]))
            }
        }
    }

    @Test func figuresAreScikitLearns() throws {
        for each in fixture.single + [fixture.multi] {
            let found = try Assessment(each.table(), options: Self.withoutIntervals)
            #expect(Set(found.figures.keys.map(\.rawValue)) == Set(each.figures.keys))
            for (figure, value) in found.figures {
                #expect(close([value], [each.figures[figure.rawValue] ?? -1]), "\(figure)")
            }
            // The same, worked out in another way.
            #expect(found.figures[.accuracy] == found.metrics.accuracy)
            #expect(close([found.figures[.macroF1] ?? -1], [found.metrics.macroF1]))
            #expect(close(found.ranking.map { $0.auc ?? -1 }, each.curves.map(\.auc)))
            if let top = each.top { #expect(close(found.top.prefix(top.count).map(\.accuracy), top)) }
        }
    }

    private static let withoutIntervals: Assessment.Options = {
        var options = Assessment.Options()
        options.samples = 0
        return options
    }()

    @Test func reliabilityIsScikitLearns() throws {
        for each in fixture.single + [fixture.multi] {
            let (found, expected) = (try each.table().reliability, each.reliability)
            #expect(found.bins.map(\.count) == expected.count)
            #expect(close(found.bins.map(\.probability), expected.probability))
            #expect(close(found.bins.map(\.share), expected.share))
            #expect(
                close(
                    [found.expectedError, found.largestError], [expected.expectedError, expected.largestError]))
        }
        // An end belongs to the bin below it, whatever the products round to.
        for edge in 1...15 { #expect(Reliability.bin(of: Double(edge) / 15) == edge - 1) }
        #expect(Reliability.bin(of: 0) == 0 && Reliability.bin(of: (1.0 / 15).nextUp) == 1)
    }

    @Test func temperatureIsSciPys() throws {
        for each in fixture.temperatures {
            let found = TemperatureFit.temperature(head: each.head, logits: each.logits, truth: each.truth)
            // SciPy finds the place of a minimum to about the root of what the loss is rounded to.
            #expect(abs(try #require(found) - each.temperature) < 1e-6 * each.temperature, "\(each.head)")
        }
    }

    @Test func temperatureWithoutABestOne() {
        func fit(_ logits: [[Float]], _ truth: [[Int]]) -> Double? {
            TemperatureFit.temperature(head: .multiClass, logits: logits, truth: truth)
        }
        #expect(fit([], []) == nil)
        // All right: the surer the better.
        #expect(fit([[2, 0], [0, 3]], [[0], [1]]) == nil)
        // All wrong: even odds are best, as near as they may come.
        #expect(fit([[2, 0], [0, 3]], [[1], [0]]) == TemperatureFit.range.upperBound)
        #expect(fit([[.nan, 0]], [[0]]) == nil)
        // All the same: no temperature changes anything.
        #expect(fit([[1, 1]], [[0]]) == nil)
    }

    @Test func unknownBelowAThreshold() throws {
        for each in fixture.single {
            let table = try each.table()
            for wanted in try #require(each.wanted) {
                let threshold = try table.threshold(forAccuracy: wanted.share)
                #expect(threshold == wanted.threshold)
                guard let threshold else { continue }
                let found = try table.abstention(below: threshold)
                #expect(found.answered == wanted.answered)
                #expect(close([found.accuracy ?? -1], [wanted.accuracy ?? -2]))
                #expect(close([found.coverage], [Double(wanted.answered) / Double(table.count)]))
            }
            #expect(try table.abstention(below: 0).coverage == 1)
            #expect(table.coverage.last?.answered == table.count)
        }
        let table = try fixture.multi.table()
        #expect(throws: TrainingError.self) { try table.abstention(below: 0.5) }
        #expect(throws: TrainingError.self) { try table.threshold(forAccuracy: 0.5) }
    }

    @Test func mcNemarIsSciPys() {
        for pair in fixture.mcNemar {
            let found = PairedComparison.exactTest(pair.a, pair.b)
            #expect(abs(found - pair.p) <= 1e-10 * pair.p, "\(pair.a), \(pair.b): \(found), not \(pair.p)")
        }
    }

    @Test func quantilesAreNumPys() {
        let sorted = fixture.percentiles.values.sorted()
        #expect(close(fixture.percentiles.shares.map { Bootstrap.quantile(sorted, $0) }, fixture.percentiles.found))
    }

    /// Counting a clip twice is having it twice.
    @Test func weightsAreRepetitions() throws {
        for each in fixture.single + [fixture.multi] {
            let table = try each.table()
            let weights = table.rows.indices.map { $0 * 7 % 4 }
            let repeated = try PredictionTable(
                labels: table.labels, isMultiLabel: table.isMultiLabel,
                rows: zip(table.rows, weights).flatMap { Array(repeating: $0, count: $1) })
            let (own, other) = (FigureCalculator(table), FigureCalculator(repeated))
            for figure in Figure.allCases {
                let (a, b) = (own.value(figure, weights), other.value(figure))
                #expect(close([a ?? -1], [b ?? -1]), "\(figure)")
            }
        }
    }
}
