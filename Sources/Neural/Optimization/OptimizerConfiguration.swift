/// Which optimiser turns gradients into a step, and its constants. PyTorch's formulas and defaults.
///
/// With `g` the gradient, `w` the weight, `r` the learning rate and `t` the number of the step from 1 on:
/// - SGD: `g += weightDecay * w; m = momentum * m + g; w -= r * (nesterov ? g + momentum * m : m)`
/// - Adam (Kingma & Ba 2015): `g += weightDecay * w; m += (1 - beta1) * (g - m); v = beta2 * v + (1 - beta2) * g^2;`
///   `w -= r / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)`
/// - AdamW (Loshchilov & Hutter 2019): as Adam, with `w *= 1 - r * weightDecay` first in place of the decay in `g`.
public struct OptimizerConfiguration: Sendable, Hashable, Codable {
    /// The formula.
    public enum Kind: String, Sendable, Hashable, Codable { case sgd, adam, adamW }

    public var kind: Kind
    /// SGD's share of the last step's direction.
    public var momentum = 0.0
    /// SGD looks ahead along the momentum.
    public var nesterov = false
    /// Adam's decay of the gradient's mean.
    public var beta1 = 0.9
    /// Adam's decay of the gradient's mean square.
    public var beta2 = 0.999
    /// Keeps Adam's quotient finite.
    public var epsilon = 1e-8
    /// How strongly weights are drawn towards zero.
    public var weightDecay = 0.0
    /// Whether tensors of fewer than two axes (biases and the scales of normalisations) decay as well. PyTorch's
    /// optimisers decay them unless told otherwise; training recipes do not.
    public var decaysVectors = false

    private init(_ kind: Kind) { self.kind = kind }

    /// Stochastic gradient descent.
    public static func sgd(
        momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0, decaysVectors: Bool = false
    ) -> OptimizerConfiguration {
        var configuration = OptimizerConfiguration(.sgd)
        configuration.momentum = momentum
        configuration.nesterov = nesterov
        configuration.weightDecay = weightDecay
        configuration.decaysVectors = decaysVectors
        return configuration
    }

    /// Adam.
    public static func adam(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
        decaysVectors: Bool = false
    ) -> OptimizerConfiguration {
        var configuration = OptimizerConfiguration(.adam)
        configuration.beta1 = beta1
        configuration.beta2 = beta2
        configuration.epsilon = epsilon
        configuration.weightDecay = weightDecay
        configuration.decaysVectors = decaysVectors
        return configuration
    }

    /// Adam with decoupled weight decay.
    public static func adamW(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01,
        decaysVectors: Bool = false
    ) -> OptimizerConfiguration {
        var configuration = adam(
            beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, decaysVectors: decaysVectors)
        configuration.kind = .adamW
        return configuration
    }

    /// - Throws: `NeuralError.unsupported` if a constant lies outside its range.
    func validate() throws {
        func require(_ condition: Bool, _ message: String) throws {
            guard condition else { throw NeuralError(.unsupported, "the optimiser's \(message)") }
        }
        try require(momentum >= 0 && momentum < 1, "momentum lies in 0 ..< 1, not \(momentum)")
        try require(!nesterov || momentum > 0, "Nesterov form needs a momentum")
        try require(beta1 >= 0 && beta1 < 1, "beta1 lies in 0 ..< 1, not \(beta1)")
        try require(beta2 >= 0 && beta2 < 1, "beta2 lies in 0 ..< 1, not \(beta2)")
        try require(epsilon > 0 && epsilon.isFinite, "epsilon is positive, not \(epsilon)")
        try require(weightDecay >= 0 && weightDecay.isFinite, "weight decay is not negative: \(weightDecay)")
    }
}
