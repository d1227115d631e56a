import Datasets
import Foundation
public import SoraModel

/// How training makes up for classes of unequal size.
public enum ClassBalance: String, Codable, Sendable, Hashable, CaseIterable {
    /// What the data asks for: nothing, or `weights`, or `sampling`.
    case auto
    /// Nothing: each clip counts once.
    case none
    /// Errors on rare classes count more.
    case weights
    /// Each epoch has as many clips of each class: those of rare ones several times, differently augmented, those of
    /// frequent ones by turns.
    case sampling
}

/// How unequal the classes of some clips are.
public struct Imbalance: Sendable, Hashable, CustomStringConvertible {
    /// How many clips the most frequent class has for one of the rarest that there are.
    public let ratio: Double
    /// Whether something should be done about it: from 3 clips for 2 on.
    public var isLarge: Bool { ratio > 1.5 }

    /// - Parameter counts: clips of each class.
    public init(_ counts: some Sequence<Int>) {
        let present = counts.filter { $0 > 0 }
        ratio = Double(present.max() ?? 1) / Double(present.min() ?? 1)
    }

    public var description: String {
        "the largest class has " + String(format: "%.1f", ratio) + " times as many clips as the smallest"
    }
}

extension TrainingData {
    /// How unequal the classes of the clips trained with are.
    public var imbalance: Imbalance { Imbalance(trainingCounts) }

    /// Clips of each class that are trained with.
    var trainingCounts: [Int] {
        var counts = [Int](repeating: 0, count: loader.manifest.classes.count)
        for item in split.training { for label in loader.manifest.items[item].labels { counts[label] += 1 } }
        return counts
    }

    /// What `auto` comes to: nothing up to 3 clips for 2, then weights, and sampling from 4 clips for one on, where a
    /// batch may have none of the rarest class. With several labels a clip each label is judged for itself, and nothing
    /// is done.
    public func balance(_ wanted: ClassBalance, head: Head) -> ClassBalance {
        guard wanted == .auto else { return wanted }
        guard head.kind != .multiLabel, imbalance.isLarge else { return .none }
        return imbalance.ratio < 4 ? .weights : .sampling
    }

    /// For each output of the head, how much its errors count so that rare classes weigh as much as frequent ones:
    /// the inverse of the class's share, with mean 1 (softmax), or negatives over positives (sigmoid).
    package func balancingWeights(head: Head) -> [Float] {
        let (counts, total) = (trainingCounts, split.training.count)
        switch head.kind {
        case .multiClass:
            return counts.map { Float(total) / Float(max($0, 1) * counts.count) }
        case .binary:
            return [Float(counts.first ?? 1) / Float(max(counts.last ?? 1, 1))]
        case .multiLabel:
            return counts.map { Float(total - $0) / Float(max($0, 1)) }
        }
    }
}
