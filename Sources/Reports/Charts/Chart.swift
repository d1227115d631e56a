internal import Foundation

/// Simple charts as functions of values: SVG that takes the page's colours and width, with words that stay as large as the
/// page's.
public enum Chart {
    /// One bar of a bar chart.
    public struct Bar: Sendable, Hashable {
        /// What it counts.
        public var name: String
        /// How long it is, at least 0.
        public var value: Double
        /// What stands at its end; the value where nil.
        public var label: String?

        public init(_ name: String, _ value: Double, label: String? = nil) {
            self.name = name
            self.value = value
            self.label = label
        }
    }

    /// Bars from left to right, one under the other, as long as their values from 0 on.
    public static func bars(_ title: String, remark: String = "", _ bars: [Bar]) -> HTML {
        let most = max(bars.map(\.value).filter(\.isFinite).max() ?? 0, .leastNonzeroMagnitude)
        let rows = bars.map { bar -> HTML in
            let share = percent(max(0, bar.value / most))
            return """
                <span>\(bar.name)</span><svg aria-hidden="true"><rect width="100%" height="100%" rx="3" fill="var(--fill)"/>\
                <rect width="\(share)" height="100%" rx="3" fill="var(--accent)"/></svg>\
                <span>\(bar.label ?? number(bar.value))</span>
                """
        }
        return figure(title, remark, "<div class=\"bars\">\(rows.joined())</div>")
    }

    /// How many of `values` lie in each of equal steps. Values that are not finite are left out.
    /// - Parameters:
    ///   - axis: what the values are, with their unit.
    ///   - bins: about how many steps.
    public static func histogram(
        _ title: String, remark: String = "", _ values: [Double], axis: String, bins: Int = 20
    ) -> HTML {
        let finite = values.filter(\.isFinite)
        let across = Scale(finite, count: 4)
        // So many steps between two marks that there are about as many as asked for.
        let each = max(1, bins / max(across.marks.count - 1, 1))
        let steps = each * (across.marks.count - 1)
        var counts = [Int](repeating: 0, count: steps)
        for value in finite { counts[min(steps - 1, Int(across.place(value) * Double(steps)))] += 1 }
        let upward = Scale(counts.map(Double.init), from: 0, count: 3, isWhole: true)
        let shapes = counts.enumerated().filter { $0.element > 0 }.map { index, count -> HTML in
            let height = upward.place(Double(count))
            let (left, width) = (Double(index) / Double(steps), 1 / Double(steps))
            return """
                <rect x="\(percent(left + width * 0.06))" y="\(percent(1 - height))" width="\(percent(width * 0.88))" \
                height="\(percent(height))" fill="var(--accent)"/>
                """
        }
        return figure(title, remark, plot(shapes.joined(), across: across, upward: upward, axis: axis))
    }

    /// One line of a line chart.
    public struct Series: Sendable, Hashable {
        /// What it shows.
        public var name: String
        /// Its points, in the order in which they are joined.
        public var points: [Point]

        public init(_ name: String, _ points: [Point]) {
            self.name = name
            self.points = points
        }

        /// Values at 1, 2, 3, …: an epoch's, say.
        public init(_ name: String, values: [Double]) {
            self.init(name, values.enumerated().map { Point(x: Double($0 + 1), y: $1) })
        }
    }

    /// A place on a chart.
    public struct Point: Sendable, Hashable {
        /// From left to right.
        public var x: Double
        /// Upward.
        public var y: Double

        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Lines through points. A point that is not finite interrupts its line.
    /// - Parameters:
    ///   - axis: what runs from left to right, with its unit.
    ///   - unit: whether both axes run from 0 to 1, as those of ROC and calibration curves do.
    ///   - diagonal: whether a faint line runs from corner to corner.
    public static func lines(
        _ title: String, remark: String = "", _ series: [Series], axis: String, unit: Bool = false,
        diagonal: Bool = false
    ) -> HTML {
        let points = series.flatMap(\.points)
        let across = Scale(unit ? [0, 1] : points.map(\.x))
        let upward = Scale(unit ? [0, 1] : points.map(\.y))
        var shapes: HTML =
            diagonal
            ? "<line x1=\"0\" y1=\"100%\" x2=\"100%\" y2=\"0\" stroke=\"var(--line)\" stroke-dasharray=\"4 4\"/>"
            : .empty
        let paths = series.enumerated().map { index, line -> HTML in
            let runs = line.points.split { !$0.x.isFinite || !$0.y.isFinite }
            let path = runs.map { run in
                run.enumerated().map { number, point in
                    let (x, y) = (1000 * across.place(point.x), 1000 * (1 - upward.place(point.y)))
                    return (number == 0 ? "M" : "L") + String(format: "%.1f %.1f", x, y)
                }.joined()
            }.joined()
            return """
                <path class="s\(index % 5 + 1)" d="\(path)" fill="none" stroke="currentColor" stroke-width="2" \
                stroke-linejoin="round" vector-effect="non-scaling-stroke"/>
                """
        }
        shapes =
            shapes + """
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">\(paths.joined())</svg>
                """
        let legend = series.enumerated().map { index, line -> HTML in
            "<span class=\"s\(index % 5 + 1)\"><i></i><span>\(line.name)</span></span>"
        }
        let keys: HTML = series.count > 1 ? "<div class=\"legend\">\(legend.joined())</div>" : .empty
        return figure(title, remark, plot(shapes, across: across, upward: upward, axis: axis) + keys)
    }

    private static func figure(_ title: String, _ remark: String, _ body: HTML) -> HTML {
        let note: HTML = remark.isEmpty ? .empty : "<small>\(remark)</small>"
        return "<figure><figcaption>\(title)\(note)</figcaption>\(body)</figure>"
    }

    /// Axes around shapes whose places are shares of the whole.
    private static func plot(_ shapes: HTML, across: Scale, upward: Scale, axis: String) -> HTML {
        let rules = upward.marks.map { mark -> HTML in
            let y = percent(1 - upward.place(mark))
            return "<line x1=\"0\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\" stroke=\"var(--line)\"/>"
        }
        let up = upward.marks.reversed().map { mark -> HTML in "<span>\(upward.label(mark))</span>" }
        let along = across.marks.map { mark -> HTML in "<span>\(across.label(mark))</span>" }
        return """
            <div class="plot"><div class="up">\(up.joined())</div>\
            <svg role="img" aria-label="\(axis)">\(rules.joined())\(shapes)</svg>\
            <div class="along">\(along.joined())</div><div class="axis">\(axis)</div></div>
            """
    }

    /// A number with as many digits as say something: `12`, `0.873`.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : String(format: "%.3g", value)
    }
}
