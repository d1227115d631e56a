extension DecisionTree {
    /// The tree as text: each question, what follows if its answer is yes, and then what follows if it is no.
    ///
    /// ```
    /// mean 12 <= 0.53 (120)
    /// |   fight 0.95 (60)
    /// mean 12 > 0.53
    /// |   noFight 0.80 (60)
    /// ```
    /// - Parameters:
    ///   - labels: names of the classes.
    ///   - features: names of the vector's numbers.
    public func text(labels: [String], features: [String]) -> String {
        var lines: [String] = []
        // Nodes still to write: a node and its depth, or the second half of a question.
        var open: [(node: Int, depth: Int, isSecond: Bool)] = [(0, 0, false)]
        while let (node, depth, isSecond) = open.popLast() {
            let margin = String(repeating: "|   ", count: depth)
            guard forest.features[node] >= 0 else {
                lines.append(margin + answer(node, labels))
                continue
            }
            let question = question(node, features, isSecond ? ">" : "<=")
            lines.append(margin + question + (isSecond ? "" : " (\(counts[node]))"))
            if !isSecond { open.append((node, depth, true)) }
            open.append((isSecond ? forest.right[node] : forest.left[node], depth + 1, false))
        }
        return lines.joined(separator: "\n")
    }

    /// `mean 12 <= 0.53`
    func question(_ node: Int, _ features: [String], _ sign: String) -> String {
        let feature = forest.features[node]
        let name = features.indices.contains(feature) ? features[feature] : "\(feature)"
        return "\(name) \(sign) \(ClassifierSettings.text(Double(forest.thresholds[node])))"
    }

    /// `fight 0.95 (60)`
    func answer(_ node: Int, _ labels: [String]) -> String {
        let shares = classShares(node)
        let best = shares.likeliest
        let name = labels.indices.contains(best) ? labels[best] : "\(best)"
        return "\(name) \(Self.share(shares[best])) (\(counts[node]))"
    }

    /// Two decimals.
    static func share(_ value: Float) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
    }
}
