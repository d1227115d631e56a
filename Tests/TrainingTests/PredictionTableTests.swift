import Foundation
import Testing
import Training

/// Tables of predictions: what is defined at their edges, and what a file gives back.
@Suite struct PredictionTableTests {
    private func table(
        _ rows: [([Int], [Double])], labels: [String] = ["a", "b"], isMultiLabel: Bool = false
    ) throws -> PredictionTable {
        try PredictionTable(
            labels: labels, isMultiLabel: isMultiLabel,
            rows: rows.enumerated().map {
                PredictionTable.Row(path: "\($0)", truth: $1.0, probabilities: $1.1)
            })
    }

    /// Whatever is not defined is left out, and no number in the JSON is none.
    private func json(_ assessment: Assessment) throws -> [String: Any] {
        let data = try JSONEncoder().encode(assessment)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func oneClip() throws {
        let found = try Assessment(table([([1], [0.4, 0.6])]))
        #expect(found.figures[.auc] == nil && found.figures[.accuracy] == 1 && found.figures[.averagePrecision] == 1)
        #expect(found.intervals.isEmpty && found.units == 1)
        #expect(found.ranking[0].averagePrecision == nil && found.ranking[1].averagePrecision == 1)
        #expect(found.ranking.allSatisfy { $0.auc == nil })
        let keys = try #require(json(found)["figures"] as? [String: Any]).keys
        #expect(keys.contains("logLoss") && !keys.contains("auc"))
        #expect(!found.text.contains("nan") && !found.details.contains("nan"))
    }

    @Test func oneClassOnly() throws {
        let one = try table([([0], [0.9, 0.1]), ([0], [0.2, 0.8]), ([0], [0.7, 0.3])])
        let found = try Assessment(one)
        #expect(found.figures[.auc] == nil && found.figures[.balancedAccuracy] == 2.0 / 3)
        #expect(one.curves.map { $0.roc == nil } == [true, true])
        #expect(one.curves.map { $0.precisionRecall == nil } == [false, true])
        _ = try json(found)
    }

    @Test func allProbabilitiesEqual() throws {
        let found = try Assessment(table([([0], [0.5, 0.5]), ([1], [0.5, 0.5]), ([1], [0.5, 0.5])]))
        // The first of equals is called, and no order is right or wrong.
        #expect(found.figures[.auc] == 0.5 && found.metrics.confusion == [[1, 0], [2, 0]])
        #expect(found.top.map(\.accuracy) == [1.0 / 3, 1])
    }

    @Test func probabilitiesOfZeroAndOne() throws {
        let found = try Assessment(table([([0], [0, 1]), ([1], [0, 1]), ([0], [1, 0])]))
        #expect(abs((found.figures[.logLoss] ?? 0) - 12 * log(10.0) / 3) < 1e-9)
        _ = try json(found)
    }

    @Test func noLabelAtAll() throws {
        let none = try table([([], [0.1, 0.2]), ([], [0.3, 0.9])], isMultiLabel: true)
        let found = try Assessment(none)
        #expect(found.figures[.auc] == nil && found.figures[.averagePrecision] == nil)
        #expect(found.figures[.accuracy] == 0.5 && found.top.isEmpty)
        _ = try json(found)
    }

    @Test func refusesNonsense() throws {
        expectTrainingError(.data, ["no clip"]) { _ = try Assessment(table([])) }
        expectTrainingError(.data, ["0", "1 probabilities"]) { _ = try table([([0], [1])]) }
        expectTrainingError(.data, ["outside 0...1"]) { _ = try table([([0], [1.5, 0])]) }
        expectTrainingError(.data, ["outside 0...1"]) { _ = try table([([0], [.nan, 0])]) }
        expectTrainingError(.data, ["none of the 2 classes"]) { _ = try table([([2], [1, 0])]) }
        expectTrainingError(.data, ["2 labels"]) { _ = try table([([0, 1], [1, 0])]) }
        expectTrainingError(.data, ["different classes"]) {
            _ = try PredictionTable(joining: [table([([0], [1, 0])]), table([([0], [1, 0])], labels: ["a", "c"])])
        }
    }

    // MARK: Files

    private func file(_ name: String) -> String { NSTemporaryDirectory() + "sora-\(UUID().uuidString)-" + name }

    @Test(arguments: ["csv", "jsonl"]) func filesGiveBackEveryBit(_ suffix: String) throws {
        let rows = [
            PredictionTable.Row(
                path: "with \"quotes\", and\nlines.mp4", start: 1.5, end: 1.0 / 3 + 2, group: "street, 1", fold: "0",
                truth: [0], probabilities: [1.0 / 3, 2.0 / 3]),
            PredictionTable.Row(
                path: "é.mp4", truth: [1], probabilities: [Double(Float(0.1)), 1 - Double(Float(0.1))]),
        ]
        let table = try PredictionTable(labels: ["run, fast", "walk|slow"], isMultiLabel: false, rows: rows)
        let path = file("p." + suffix)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try table.write(to: path)
        #expect(try PredictionTable(reading: path) == table)
    }

    @Test(arguments: ["csv", "jsonl"]) func severalLabelsComeBack(_ suffix: String) throws {
        let table = try table([([], [0.1, 0.2]), ([0, 1], [0.9, 0.7]), ([1], [0.2, 0.8])], isMultiLabel: true)
        let path = file("m." + suffix)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try table.write(to: path)
        #expect(try PredictionTable(reading: path) == table)
    }

    @Test func anythingElseIsAnErrorThatNamesTheFile() throws {
        let good = "path,truth,probability:a,probability:b\nx,a,0.5,0.5\n"
        let cases = [
            ("", "no predictions"), ("path,label\n", "path, truth"), ("path,truth\nx,a\n", "probability:<label>"),
            (good + "y,c,0.5,0.5\n", "\"c\" has no probability"), (good + "y,a,0.5\n", "3 fields"),
            (good + "y,a,high,0.5\n", "\"high\" is not a number"), (good + "y,a,7,0.5\n", "outside 0...1"),
            (good + "y,a,nan,0.5\n", "not a number"), ("path,truth,probability:a,probability:a\n", "for each class"),
        ]
        for (text, words) in cases {
            let path = file("bad.csv")
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            expectTrainingError(.data, [path, words]) { _ = try PredictionTable(reading: path) }
        }
        let path = file("bad.jsonl")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("{\"path\": 3}\n".utf8).write(to: URL(fileURLWithPath: path))
        expectTrainingError(.data, [path, "not a prediction"]) { _ = try PredictionTable(reading: path) }
        expectTrainingError(.options, [".csv or .jsonl"]) { try table([([0], [1, 0])]).write(to: "p.txt") }
    }

    /// Bytes at random, and good files with bytes changed: an error or a table, never a trap.
    @Test(arguments: ["csv", "jsonl"]) func damagedFilesAreErrors(_ suffix: String) throws {
        let table = try table([([0], [0.25, 0.75]), ([1], [0.5, 0.5])])
        let path = file("fuzz." + suffix)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try table.write(to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SystemSeeded(state: 5)
        for round in 0..<400 {
            var bytes = whole
            for _ in 0...round % 5 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() & 255) }
            if round % 7 == 0 { bytes = bytes.prefix(Int(random.next() % UInt64(bytes.count))) }
            try bytes.write(to: URL(fileURLWithPath: path))
            _ = try? PredictionTable(reading: path)
        }
    }

    private struct SystemSeeded {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 11
        }
    }
}
