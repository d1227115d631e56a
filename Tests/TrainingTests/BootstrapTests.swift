import Foundation
import Testing
import Training

/// Intervals by drawing clips anew, and comparisons of two models.
@Suite struct BootstrapTests {
    /// Clips of two classes, in groups of `size` that are all right or all wrong.
    private func table(
        groups: Int, size: Int = 1, wrong: Set<Int>, isGrouped: Bool = true, name: String = "clip"
    ) throws -> PredictionTable {
        try PredictionTable(
            labels: ["a", "b"], isMultiLabel: false,
            rows: (0..<groups * size).map { row in
                let (group, truth) = (row / size, row / size % 2)
                let sure = 0.6 + Double(group % 17) / 50
                let share = wrong.contains(group) ? 1 - sure : sure
                return PredictionTable.Row(
                    path: "\(name)\(row)", group: isGrouped ? "g\(group)" : nil, truth: [truth],
                    probabilities: truth == 0 ? [share, 1 - share] : [1 - share, share])
            })
    }

    @Test func oneClipAGroupIsNearWilson() throws {
        let table = try table(groups: 200, wrong: Set(0..<60))
        let found = try #require(table.intervals(table.bootstrap())[.accuracy])
        let wilson = Proportion(140, of: 200)
        // Two methods, and a thousand draws, on a hundredth of a share.
        #expect(abs(found.lower - wilson.lower) < 0.015 && abs(found.upper - wilson.upper) < 0.015)
    }

    /// Ten copies of a clip say no more than one, once it is known that they are copies.
    @Test func groupsAreDrawnTogether() throws {
        let once = try table(groups: 40, wrong: Set(0..<12))
        let copied = try table(groups: 40, size: 10, wrong: Set(0..<12))
        let (own, other) = (once.intervals(once.bootstrap()), copied.intervals(copied.bootstrap()))
        for figure in [Figure.accuracy, .macroF1, .auc] { #expect(own[figure] != nil && own[figure] == other[figure]) }
        let blind = try table(groups: 40, size: 10, wrong: Set(0..<12), isGrouped: false)
        let (wide, narrow) = (
            try #require(copied.intervals(copied.bootstrap())[.accuracy]),
            try #require(blind.intervals(blind.bootstrap())[.accuracy])
        )
        // The root of ten.
        #expect((2.5...4).contains((wide.upper - wide.lower) / (narrow.upper - narrow.lower)))
    }

    @Test func theSeedDecides() throws {
        let table = try table(groups: 30, wrong: [1, 2, 3, 8])
        #expect(table.intervals(table.bootstrap(seed: 4)) == table.intervals(table.bootstrap(seed: 4)))
        #expect(table.intervals(table.bootstrap(seed: 4)) != table.intervals(table.bootstrap(seed: 5)))
    }

    @Test func nothingToDraw() throws {
        let one = try table(groups: 1, size: 8, wrong: [])
        #expect(one.intervals(one.bootstrap()).isEmpty)
        let many = try table(groups: 9, wrong: [])
        #expect(many.intervals(many.bootstrap(samples: 0)).isEmpty)
        let none = Bootstrap(groups: []).intervals(count: 2) { _ in [1, 2] }
        #expect(none.count == 2 && none.allSatisfy { $0 == nil })
    }

    /// The area under the curve is undefined where a draw has one class: of two clips, in half of them.
    @Test func figuresThatAreSeldomDefinedHaveNoInterval() throws {
        let table = try table(groups: 2, wrong: [])
        let bootstrap = table.bootstrap(samples: 400)
        let calculator = FigureCalculator(table)
        let defined = (0..<400).count { calculator.value(.auc, bootstrap.weights($0)) != nil }
        #expect((150...250).contains(defined))
        let found = bootstrap.intervals(count: 2) { _ in [nil, 3] }
        #expect(found[0] == nil && found[1] == Interval(lower: 3, upper: 3))
    }

    @Test func comparesTheSameClips() throws {
        let (first, second) = (try table(groups: 60, wrong: Set(0..<20)), try table(groups: 60, wrong: Set(10..<15)))
        let found = try PairedComparison(first, second)
        #expect(
            found.bothRight == 40 && found.onlyFirstRight == 0 && found.onlySecondRight == 15 && found.bothWrong == 5)
        #expect(found.count == 60 && found.units == 60 && found.unpaired == 0)
        // A coin that falls 15 times on the same side.
        #expect(abs(found.mcNemar - 2 * pow(0.5, 15)) < 1e-15)
        let accuracy = try #require(found.differences.first { $0.figure == .accuracy })
        #expect(abs(accuracy.difference - 0.25) < 1e-12 && accuracy.first == 40.0 / 60)
        let interval = try #require(accuracy.interval)
        #expect(interval.lower > 0.1 && interval.upper < 0.4 && interval.lower < 0.25 && interval.upper > 0.25)
        #expect(found.text(first: "one", second: "two").contains("McNemar's exact test: p = 6.1e-05"))
        // The same model twice: no difference, whatever is drawn.
        for each in try PairedComparison(first, first).differences {
            #expect(each.difference == 0 && each.interval == Interval(lower: 0, upper: 0))
        }
    }

    @Test func otherOrdersOfClipsAndClassesArePaired() throws {
        let first = try table(groups: 30, wrong: [3, 4])
        let second = try table(groups: 35, wrong: [4, 9])
        let turned = try PredictionTable(
            labels: ["b", "a"], isMultiLabel: false,
            rows: second.rows.reversed().map { row in
                var row = row
                row.truth = row.truth.map { 1 - $0 }
                row.probabilities.reverse()
                return row
            })
        let (plain, found) = (try PairedComparison(first, second), try PairedComparison(first, turned))
        #expect(found == plain && plain.unpaired == 5 && plain.count == 30)
        #expect(plain.onlyFirstRight == 1 && plain.onlySecondRight == 1 && plain.bothWrong == 1)
    }

    @Test func refusesWhatCannotBeCompared() throws {
        let first = try table(groups: 4, wrong: [])
        func expectRefusal(_ words: String, _ other: PredictionTable) {
            expectTrainingError(.data, [words]) { _ = try PairedComparison(first, other) }
        }
        expectRefusal("no clip was judged by both", try table(groups: 4, wrong: [], name: "other"))
        expectRefusal(
            "different classes", try PredictionTable(labels: ["a", "c"], isMultiLabel: false, rows: first.rows))
        let relabelled = first.rows.map { row in
            var row = row
            row.truth = [0]
            return row
        }
        expectRefusal(
            "different labels", try PredictionTable(labels: ["a", "b"], isMultiLabel: false, rows: relabelled))
    }
}
