import Foundation
package import SoraModel

/// Finds the temperature by which logits are divided so that the probabilities of clips a network was not trained on
/// are what they say (Guo et al. 2017): the one with the least cross-entropy on such clips. It changes no order, so that
/// what a clip is called stays the same.
package enum TemperatureFit {
    /// The temperatures there are to choose from.
    package static let range = 0.05...20.0

    /// - Parameters:
    ///   - logits: the head's outputs for each clip.
    ///   - truth: the classes of each clip.
    /// - Returns: nil where there is no best one: without clips, or where ever lower temperatures are ever better, as
    ///   when every clip is right.
    package static func temperature(head: Head.Kind, logits: [[Float]], truth: [[Int]]) -> Double? {
        let clips = zip(logits, truth).filter { head == .multiLabel || $0.1.count == 1 }
            .map { (logits: $0.0.map(Double.init), truth: $0.1) }
        guard !clips.isEmpty, clips.allSatisfy({ $0.logits.allSatisfy(\.isFinite) }) else { return nil }
        // The loss is convex in the inverse of the temperature: its slope crosses zero once.
        func slope(_ inverse: Double) -> Double {
            clips.reduce(0) { $0 + Self.slope(head, $1.logits, $1.truth, inverse) }
        }
        var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
        guard slope(high) > 0 else { return nil }
        guard slope(low) < 0 else { return range.upperBound }
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if slope(middle) < 0 { low = middle } else { high = middle }
        }
        return 2 / (low + high)
    }

    /// The derivative of one clip's cross-entropy by the inverse temperature.
    private static func slope(_ head: Head.Kind, _ logits: [Double], _ truth: [Int], _ inverse: Double) -> Double {
        func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        switch head {
        case .multiClass:
            let peak = logits.max() ?? 0
            let powers = logits.map { exp(($0 - peak) * inverse) }
            let sum = powers.reduce(0, +)
            let mean = zip(powers, logits).reduce(0) { $0 + $1.0 / sum * $1.1 }
            return mean - (truth.first.map { logits[$0] } ?? 0)
        case .binary:
            let logit = logits.first ?? 0
            return (sigmoid(logit * inverse) - (truth.contains(1) ? 1 : 0)) * logit
        case .multiLabel:
            let terms = logits.indices.map { label in
                (sigmoid(logits[label] * inverse) - (truth.contains(label) ? 1 : 0)) * logits[label]
            }
            return terms.reduce(0, +) / Double(max(terms.count, 1))
        }
    }
}
