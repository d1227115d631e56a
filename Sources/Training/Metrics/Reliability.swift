/// Whether probabilities are what they say: of clips that are called something with a probability of 0.8, four in five
/// should be that (Guo et al. 2017, "On calibration of modern neural networks").
///
/// With one label a clip, the probability is that of the likeliest class, and the outcome whether it is right; with
/// several, each class of each clip counts, with its probability and whether the clip belongs to it.
public struct Reliability: Sendable, Hashable, Codable {
    /// Decisions of similar probability.
    public struct Bin: Sendable, Hashable, Codable {
        /// Lower end of the probabilities, exclusive but in the first bin.
        public var lower: Double
        /// Upper end of the probabilities, inclusive.
        public var upper: Double
        /// How many decisions there are.
        public var count: Int
        /// Their mean probability.
        public var probability: Double
        /// The share of them that is right.
        public var share: Double
    }

    /// How many bins 0...1 is cut into.
    public static let binCount = 15

    /// The bins that hold anything, from the lowest.
    public var bins: [Bin]
    /// Mean distance of probability and share, each bin weighted by its count: the expected calibration error.
    public var expectedError: Double
    /// The largest distance in any bin.
    public var largestError: Double

    /// - Parameters:
    ///   - probabilities: of each decision.
    ///   - isRight: whether it came out so.
    init(_ probabilities: [Double], isRight: [Bool]) {
        var counts = [Int](repeating: 0, count: Self.binCount)
        var (sums, right) = ([Double](repeating: 0, count: Self.binCount), counts)
        for (probability, isRight) in zip(probabilities, isRight) {
            let bin = Self.bin(of: probability)
            counts[bin] += 1
            sums[bin] += probability
            if isRight { right[bin] += 1 }
        }
        bins = counts.indices.filter { counts[$0] > 0 }.map { bin in
            let count = Double(counts[bin])
            return Bin(
                lower: Double(bin) / Double(Self.binCount), upper: Double(bin + 1) / Double(Self.binCount),
                count: counts[bin], probability: sums[bin] / count, share: Double(right[bin]) / count)
        }
        let total = Double(max(probabilities.count, 1))
        expectedError = bins.reduce(0) { $0 + Double($1.count) / total * abs($1.probability - $1.share) }
        largestError = bins.map { abs($0.probability - $0.share) }.max() ?? 0
    }

    /// The bin of a probability: `(0, 1/15]`, `(1/15, 2/15]`, …, with 0 in the first.
    package static func bin(of probability: Double) -> Int {
        let count = Double(binCount)
        var bin = min(max(Int((probability * count).rounded(.up)) - 1, 0), binCount - 1)
        // Rounding may have led past an end.
        if bin > 0, probability <= Double(bin) / count { bin -= 1 }
        if bin < binCount - 1, probability > Double(bin + 1) / count { bin += 1 }
        return bin
    }
}

extension PredictionTable {
    /// Each decision's probability and whether it came out so, clip by clip.
    var decisions: (probabilities: [Double], isRight: [Bool]) {
        guard isMultiLabel else {
            return (rows.map { $0.probabilities.max() ?? 0 }, rows.indices.map(isRight))
        }
        return (
            rows.flatMap(\.probabilities),
            rows.flatMap { row in labels.indices.map { row.truth.contains($0) } }
        )
    }

    /// Whether the probabilities are what they say.
    public var reliability: Reliability {
        let (probabilities, isRight) = decisions
        return Reliability(probabilities, isRight: isRight)
    }
}
