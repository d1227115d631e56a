import Foundation

/// What a model says of one clip.
public struct Prediction: Sendable, Codable {
    /// The clip's vector, of length 1.
    public var embedding: [Float]
    /// The head's outputs, from which the probabilities are worked out; empty where they are not kept.
    public var logits: [Float]
    /// The probability of each label, in the order of the configuration's labels. They sum to 1 unless the head is
    /// multi-label.
    public var probabilities: [Float]

    public init(embedding: [Float], logits: [Float] = [], probabilities: [Float]) {
        self.embedding = embedding
        self.logits = logits
        self.probabilities = probabilities
    }

    /// Positions of the labels, likeliest first.
    public var ranking: [Int] { probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) } }

    /// The cosine of the angle between two embeddings, -1...1; 0 if one of them is zero.
    public func cosine(to other: Prediction) -> Double {
        var (product, own, others) = (0.0, 0.0, 0.0)
        for (a, b) in zip(embedding, other.embedding) {
            product += Double(a) * Double(b)
            own += Double(a) * Double(a)
            others += Double(b) * Double(b)
        }
        return own > 0 && others > 0 ? product / (own * others).squareRoot() : 0
    }
}

extension Head {
    /// The probability of each label from the head's outputs.
    /// - Parameter temperature: what the outputs are divided by first: above 1 the probabilities are less sure.
    public func probabilities(logits: ArraySlice<Float>, temperature: Double = 1) -> [Float] {
        func sigmoid(_ x: Float) -> Float { Float(1 / (1 + exp(-Double(x) / temperature))) }
        switch kind {
        case .binary:
            let positive = logits.first.map(sigmoid) ?? 0
            return [1 - positive, positive]
        case .multiLabel:
            return logits.map(sigmoid)
        case .multiClass:
            let peak = Double(logits.max() ?? 0)
            let powers = logits.map { exp((Double($0) - peak) / temperature) }
            let sum = powers.reduce(0, +)
            return powers.map { Float($0 / sum) }
        }
    }
}
