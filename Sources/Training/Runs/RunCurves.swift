import Foundation
import Neural

/// The curves of training runs as an SVG picture: accuracy on the validation clips and loss, by epoch.
///
/// Where a run has no validation clips, its training accuracy takes the place. At most `most` runs are drawn, the first
/// ones, each in a colour and, past eight, a dash of its own.
public struct RunCurves {
    /// More runs than this no eye tells apart.
    public static let most = 24
    private let runs: [TrainingRun]

    private typealias Curve = [(epoch: Int, value: Double)]

    /// - Parameter runs: the best first.
    public init(_ runs: [TrainingRun]) { self.runs = Array(runs.prefix(Self.most)) }

    /// Writes the picture: to a temporary name, then renamed.
    /// - Throws: `NeuralError.file` if it cannot be written.
    public func write(to path: String) throws { try AtomicFile.write(svg, to: path) }

    /// Colours that people with any colour vision tell apart (Okabe & Ito 2008), the yellow darkened for white paper.
    private static let colours = [
        "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#b8a800",
    ]
    private static let dashes = ["", "6 3", "2 2"]
    private static let (width, height) = (420.0, 260.0)
    private static let (left, top) = (56.0, 34.0)

    /// The picture's text.
    public var svg: String {
        let accuracy: [Curve] = runs.map { run in
            run.records.map { ($0.epoch, $0.validationAccuracy ?? $0.accuracy) }
        }
        let isValidated = runs.contains { $0.records.contains { $0.validationLoss != nil } }
        let loss: [Curve] = runs.map { run in run.records.map { ($0.epoch, $0.validationLoss ?? $0.loss) } }
        let what = isValidated ? "on the validation clips" : "on the training clips"
        let legendTop = Self.top + Self.height + 56
        let total = (width: 2 * (Self.left + Self.width + 24), height: legendTop + 20 * Double(runs.count) + 12)
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(total.width))" height="\(Int(total.height))" \
            viewBox="0 0 \(Int(total.width)) \(Int(total.height))" font-family="sans-serif" font-size="12">
            """,
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
        ]
        lines += panel("accuracy \(what)", accuracy, at: Self.left, limits: 0...1)
        lines += panel("loss \(what)", loss, at: Self.left * 2 + Self.width + 24, limits: Self.limits(loss))
        for (index, run) in runs.enumerated() {
            let y = legendTop + 20 * Double(index)
            lines.append(
                "<line x1=\"\(Self.left)\" y1=\"\(y)\" x2=\"\(Self.left + 28)\" y2=\"\(y)\" \(Self.stroke(index))/>")
            lines.append("<text x=\"\(Self.left + 36)\" y=\"\(y + 4)\">\(Self.escaped(run.model))</text>")
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func panel(
        _ title: String, _ curves: [Curve], at left: Double, limits: ClosedRange<Double>
    ) -> [String] {
        let epochs = min(max(curves.joined().map(\.epoch).max() ?? 1, 2), 1_000_000_000)
        func x(_ epoch: Int) -> Double {
            left + min(max((Double(epoch) - 1) / Double(epochs - 1), 0), 1) * Self.width
        }
        func y(_ value: Double) -> Double {
            let share = (value - limits.lowerBound) / (limits.upperBound - limits.lowerBound)
            return Self.top + (1 - min(max(share, 0), 1)) * Self.height
        }
        func point(_ p: (epoch: Int, value: Double)) -> String {
            String(format: "%.1f,%.1f", x(p.epoch), y(p.value))
        }
        var lines = ["<text x=\"\(left)\" y=\"\(Self.top - 14)\" font-weight=\"bold\">\(title)</text>"]
        for step in 0...4 {
            let value = limits.lowerBound + (limits.upperBound - limits.lowerBound) * Double(step) / 4
            let place = String(format: "%.1f", y(value))
            lines.append(
                "<line x1=\"\(left)\" y1=\"\(place)\" x2=\"\(left + Self.width)\" y2=\"\(place)\" stroke=\"#dddddd\"/>")
            lines.append(
                "<text x=\"\(left - 6)\" y=\"\(place)\" dy=\"4\" text-anchor=\"end\">\(String(format: "%.2f", value))</text>"
            )
        }
        let bottom = Self.top + Self.height
        for epoch in Set([1, (epochs + 1) / 2, epochs]).sorted() {
            lines.append(
                "<text x=\"\(String(format: "%.1f", x(epoch)))\" y=\"\(bottom + 18)\" text-anchor=\"middle\">\(epoch)</text>"
            )
        }
        lines.append(
            "<text x=\"\(left + Self.width / 2)\" y=\"\(bottom + 34)\" text-anchor=\"middle\">epoch</text>")
        for (index, curve) in curves.enumerated() {
            let points = curve.filter(\.value.isFinite)
            if let only = points.first, points.count == 1 {
                let colour = Self.colours[index % Self.colours.count]
                lines.append(
                    String(format: "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" ", x(only.epoch), y(only.value))
                        + "fill=\"\(colour)\"/>")
            } else if !points.isEmpty {
                lines.append(
                    "<polyline points=\"\(points.map(point).joined(separator: " "))\" fill=\"none\" \(Self.stroke(index))/>"
                )
            }
        }
        return lines
    }

    /// From zero to what nine of ten numbers do not pass, half as much again: one epoch that went wrong does not make
    /// the others a flat line.
    private static func limits(_ curves: [Curve]) -> ClosedRange<Double> {
        let values = curves.joined().map(\.value).filter { $0.isFinite && $0 >= 0 }.sorted()
        guard let largest = values.last else { return 0...1 }
        let usual = values[(values.count - 1) * 9 / 10] * 1.5
        return 0...max(min(largest, usual, 1e12), 1e-6)
    }

    private static func stroke(_ index: Int) -> String {
        let dash = dashes[index / colours.count % dashes.count]
        return "stroke=\"\(colours[index % colours.count])\" stroke-width=\"2\""
            + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
    }

    private static func escaped(_ text: String) -> String {
        let shown = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : String($0) }
        return shown.joined().replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
