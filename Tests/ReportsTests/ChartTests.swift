import Reports
import Testing

@Suite struct ChartTests {
    private static let ten: [Double] = (0..<10).map { Double($0) }

    private func marks(_ values: [Double], from floor: Double? = nil, isWhole: Bool = false) -> [Double] {
        Scale(values, from: floor, isWhole: isWhole).marks
    }

    @Test func marksAreRound() {
        #expect(marks([0, 0.93]) == [0, 0.5, 1])
        #expect(marks([3, 97]) == [0, 50, 100])
        #expect(marks([0, 7], from: 0, isWhole: true) == [0, 2, 4, 6, 8])
        #expect(marks([0, 1], isWhole: true) == [0, 1])
        let one = marks([5, 5])
        #expect((one.first ?? 9) <= 5 && (one.last ?? 0) >= 5 && one.count >= 2)
        #expect(marks([]).count >= 2)
        #expect(marks([.nan, .infinity, 2]).allSatisfy { $0.isFinite })
        #expect(marks([-1e300, 1e300]).count >= 2)
    }

    @Test func labelsTellMarksApart() {
        let cases: [[Double]] = [[0, 0.003], [0, 1], [0, 12], [-5, 5], [0, 1e6], [0.7, 0.75]]
        for values in cases {
            let scale = Scale(values)
            let labels = scale.marks.map(scale.label)
            #expect(Set(labels).count == labels.count, "\(values): \(labels)")
            for (mark, label) in zip(scale.marks, labels) {
                let read = Double(label) ?? .nan
                #expect(abs(read - mark) < 1e-9 * max(1, abs(mark)))
            }
        }
    }

    /// Of 0 ... 9, with marks at 0, 5, 10 and two steps between: two and three in turn.
    @Test func aHistogramCounts() {
        let text = Chart.histogram("t", Self.ten + [.nan], axis: "x", bins: 4).text
        let heights = text.matches(of: /<rect [^>]*height="([0-9.]+)%"/).compactMap { Double($0.1) }
        let across = Scale(Self.ten)
        let steps = max(1, 4 / (across.marks.count - 1)) * (across.marks.count - 1)
        var counts = [Double](repeating: 0, count: steps)
        for value in 0..<10 { counts[Int(Double(value) / across.high * Double(steps))] += 1 }
        let top = Scale(counts, from: 0, count: 3, isWhole: true).high
        let wanted = counts.filter { $0 > 0 }.map { 100 * $0 / top }
        #expect(heights.count == wanted.count)
        for (height, want) in zip(heights, wanted) { #expect(abs(height - want) < 0.01) }
    }

    @Test func barsAreAsLongAsTheirShares() {
        let text = Chart.bars("t", [.init("a", 30), .init("b", 120), .init("c", 0)]).text
        let widths = text.matches(of: /width="([0-9.]+)%" height="100%" rx="3" fill="var\(--accent\)"/).map {
            String($0.1)
        }
        #expect(widths == ["25.00", "100.00", "0.00"])
        #expect(Chart.bars("t", []).text.contains("figure"))
        #expect(!Chart.bars("t", [.init("a", .nan), .init("b", 1)]).text.contains("nan"))
    }

    @Test func linesGoThroughTheirPoints() {
        let series = Chart.Series(
            "roc", [.init(x: 0, y: 0), .init(x: 0.5, y: 0.75), .init(x: .nan, y: 0), .init(x: 1, y: 1)])
        let text = Chart.lines("t", [series], axis: "false alarms", unit: true, diagonal: true).text
        #expect(text.contains("d=\"M0.0 1000.0L500.0 250.0M1000.0 0.0\""))
        #expect(Chart.lines("t", [], axis: "x").text.contains("figure"))
    }

    @Test func heatGrowsWithTheNumber() {
        let text = Table.heat(rows: ["a", "b"], columns: ["x", "y"], values: [[0, 10], [5, .nan]]).text
        let tints = text.matches(of: /rgb\(var\(--heat\)\/([0-9.]+)\)/).compactMap { Double($0.1) }
        #expect(tints == [0.04, 0.96, 0.5, 0.04])
        #expect(text.contains("class=\"strong\"") && !text.contains("nan"))
    }
}
