extension DecisionTree {
    /// The tree as a picture: questions in boxes, yes to the left and no to the right, answers in the class's colour, the
    /// lines as thick as the share of vectors that went that way.
    /// - Parameters: as of `text(labels:features:)`.
    public func svg(labels: [String], features: [String]) -> String {
        let places = places()
        let (boxWidth, boxHeight, columnWidth, rowHeight) = (178.0, 44.0, 194.0, 92.0)
        let (columns, rows) = ((places.map(\.column).max() ?? 0) + 1, (places.map(\.row).max() ?? 0) + 1)
        let (width, height) = (columns * columnWidth + 16, Double(rows) * rowHeight - 32)
        func x(_ node: Int) -> Double { places[node].column * columnWidth + columnWidth / 2 + 8 }
        func y(_ node: Int) -> Double { Double(places[node].row) * rowHeight + 8 }
        var lines: [String] = []
        var boxes: [String] = []
        for node in 0..<forest.count {
            let isLeaf = forest.features[node] < 0
            let shares = classShares(node)
            let best = shares.likeliest
            for (child, word) in isLeaf ? [] : [(forest.left[node], "yes"), (forest.right[node], "no")] {
                let thickness = 1 + 5 * Double(counts[child]) / Double(max(counts[0], 1))
                let middle = (x(node) + x(child)) / 2
                lines.append(
                    "<line x1=\"\(Self.number(x(node)))\" y1=\"\(Self.number(y(node) + boxHeight))\" "
                        + "x2=\"\(Self.number(x(child)))\" y2=\"\(Self.number(y(child)))\" "
                        + "stroke-width=\"\(Self.number(thickness))\"/>")
                boxes.append(
                    "<text class=\"side\" x=\"\(Self.number(middle))\" "
                        + "y=\"\(Self.number((y(node) + boxHeight + y(child)) / 2 + 4))\">\(word)</text>")
            }
            let hue = best * 137 % 360
            // The purer, the fuller the colour.
            let light = isLeaf ? 94 - 24 * Double(shares[best]) : 97
            let fill = isLeaf ? "hsl(\(hue), 70%, \(Self.number(light))%)" : "#f4f4f4"
            boxes.append(
                "<rect x=\"\(Self.number(x(node) - boxWidth / 2))\" y=\"\(Self.number(y(node)))\" "
                    + "width=\"\(Self.number(boxWidth))\" height=\"\(Self.number(boxHeight))\" rx=\"6\" fill=\"\(fill)\"/>"
            )
            let title =
                isLeaf
                ? (labels.indices.contains(best) ? labels[best] : "\(best)") : question(node, features, "≤")
            let below =
                isLeaf ? "\(Self.share(shares[best])) of \(counts[node])" : "\(counts[node]) clips"
            for (text, offset) in [(title, 18.0), (below, 35.0)] {
                boxes.append(
                    "<text x=\"\(Self.number(x(node)))\" y=\"\(Self.number(y(node) + offset))\">"
                        + "\(Self.escaped(Self.short(text)))</text>")
            }
        }
        let size = "\(Self.number(width))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size)" height="\(Self.number(height))" \
            viewBox="0 0 \(size) \(Self.number(height))" font-family="sans-serif" font-size="13" text-anchor="middle">
            <style>line { stroke: #999; } rect { stroke: #666; } .side { fill: #555; font-size: 11px; \
            paint-order: stroke; stroke: #fff; stroke-width: 4px; }</style>
            <rect width="100%" height="100%" fill="#fff" style="stroke: none"/>
            \(lines.joined(separator: "\n"))
            \(boxes.joined(separator: "\n"))
            </svg>

            """
    }

    /// Where each node stands: leaves side by side, a question in the middle of what follows it.
    private func places() -> [(column: Double, row: Int)] {
        var places = [(column: Double, row: Int)](repeating: (0, 0), count: forest.count)
        for node in 0..<forest.count where forest.features[node] >= 0 {
            for child in [forest.left[node], forest.right[node]] { places[child].row = places[node].row + 1 }
        }
        var next = 0.0
        var open = [0]
        while let node = open.popLast() {
            if forest.features[node] >= 0 {
                open += [forest.right[node], forest.left[node]]
            } else {
                places[node].column = next
                next += 1
            }
        }
        // Children stand behind their parents.
        for node in (0..<forest.count).reversed() where forest.features[node] >= 0 {
            places[node].column = (places[forest.left[node]].column + places[forest.right[node]].column) / 2
        }
        return places
    }

    private static func number(_ value: Double) -> String { ClassifierSettings.text((value * 10).rounded() / 10) }

    private static func short(_ text: String) -> String { text.count > 22 ? text.prefix(21) + "…" : text }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\u{0}"..<" ": result += " "
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
