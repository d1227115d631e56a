import Datasets

/// Intervals by drawing clips anew, with replacement, and looking at how far a figure moves (Efron & Tibshirani 1993,
/// percentile method).
///
/// Clips that share something (a scene, a recording) are drawn together: as independent clips they would count for more
/// than they say. The same seed draws the same clips, so that two models can be compared on the same draws.
public struct Bootstrap: Sendable {
    /// Rows that are drawn together.
    private let units: [[Int]]
    private let rows: Int
    /// How often it draws.
    public let samples: Int
    /// Of the draws.
    public let seed: UInt64
    /// How likely the true value lies inside.
    public static let confidence = 0.95

    /// - Parameters:
    ///   - groups: the group of each clip; a clip without one is drawn by itself.
    ///   - samples: how often to draw; without any there are no intervals.
    public init(groups: [String?], samples: Int = 1000, seed: UInt64 = 0) {
        var positions: [String: Int] = [:]
        var units: [[Int]] = []
        for (row, group) in groups.enumerated() {
            if let group, let position = positions[group] {
                units[position].append(row)
                continue
            }
            if let group { positions[group] = units.count }
            units.append([row])
        }
        self.units = units
        rows = groups.count
        self.samples = max(0, samples)
        self.seed = seed
    }

    /// How many things are drawn: groups, and clips without one.
    public var unitCount: Int { units.count }

    /// The interval of each of `count` figures.
    ///
    /// - Parameter figures: the figures where each clip counts as often as given: `[clip]`. One may be undefined, as
    ///   the area under the ROC curve is where a draw has one class only.
    /// - Returns: for each figure its interval; nil where there is but one thing to draw, or the figure was undefined in
    ///   half of the draws or more. Cost: `samples` calls.
    public func intervals(count: Int, _ figures: (_ weights: [Int]) -> [Double?]) -> [Interval?] {
        guard units.count > 1, samples > 0 else { return Array(repeating: nil, count: count) }
        var values = [[Double]](repeating: [], count: count)
        for sample in 0..<samples {
            for (index, value) in figures(weights(sample)).prefix(count).enumerated() {
                if let value { values[index].append(value) }
            }
        }
        let tail = (1 - Self.confidence) / 2
        return values.map { values in
            guard values.count * 2 > samples else { return nil }
            let sorted = values.sorted()
            return Interval(lower: Self.quantile(sorted, tail), upper: Self.quantile(sorted, 1 - tail))
        }
    }

    /// How often each clip is in a draw.
    package func weights(_ sample: Int) -> [Int] {
        var random = Datasets.SeededRandom(seed: seed, 0x42_4F_4F_54, UInt64(sample))
        var weights = [Int](repeating: 0, count: rows)
        for _ in units { for row in units[random.integer(below: units.count)] { weights[row] += 1 } }
        return weights
    }

    /// A quantile of sorted values, between two of them in a straight line, as NumPy has it.
    package static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = min(max(Int(place), 0), sorted.count - 1)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }
}
