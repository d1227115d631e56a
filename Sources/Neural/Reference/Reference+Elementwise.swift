import Foundation

extension Reference {
    static func unary(_ function: Unary, _ x: ReferenceTensor) -> ReferenceTensor {
        ReferenceTensor(x.shape, x.values.map { value(function, $0) })
    }

    /// `saved, dy` → `dx`
    static func unaryGradient(_ function: Unary, _ saved: ReferenceTensor, _ dy: ReferenceTensor) -> ReferenceTensor {
        ReferenceTensor(dy.shape, zip(saved.values, dy.values).map { slope(function, $0) * $1 })
    }

    static func binary(
        _ function: Binary, _ a: ReferenceTensor, _ b: ReferenceTensor, _ shape: Shape
    ) -> ReferenceTensor {
        let pairs = zip(broadcast(a, shape).values, broadcast(b, shape).values)
        return switch function {
        case .add: ReferenceTensor(shape, pairs.map { $0 + $1 })
        case .subtract: ReferenceTensor(shape, pairs.map { $0 - $1 })
        case .multiply: ReferenceTensor(shape, pairs.map { $0 * $1 })
        }
    }

    private static func value(_ function: Unary, _ x: Double) -> Double {
        switch function {
        case .relu: x.isNaN ? x : max(x, 0)
        case .relu6: x.isNaN ? x : min(max(x, 0), 6)
        case .gelu: x * normalCumulative(x)
        case .silu: x * sigmoid(x)
        case .sigmoid: sigmoid(x)
        case .tanh: Foundation.tanh(x)
        case .exp: Foundation.exp(x)
        case .logarithm: Foundation.log(x)
        case .softplus: max(x, 0) + log1p(Foundation.exp(-abs(x)))
        case .square: x * x
        case .absolute: abs(x)
        case .reciprocalSquareRoot: 1 / x.squareRoot()
        case .reciprocal: 1 / x
        case .linear(let scale, let shift): Double(scale) * x + Double(shift)
        }
    }

    /// The derivative, from the function's output `y` or its input `x` as `Unary.gradientUsesOutput` says.
    private static func slope(_ function: Unary, _ saved: Double) -> Double {
        let (x, y) = (saved, saved)
        switch function {
        case .relu: return y > 0 ? 1 : 0
        case .relu6: return y > 0 && y < 6 ? 1 : 0
        case .gelu:
            let density = Foundation.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
            return normalCumulative(x) + x * density
        case .silu: return sigmoid(x) * (1 + x * (1 - sigmoid(x)))
        case .sigmoid: return y * (1 - y)
        case .tanh: return 1 - y * y
        case .exp: return y
        case .logarithm: return 1 / x
        case .softplus: return sigmoid(x)
        case .square: return 2 * x
        case .absolute: return x > 0 ? 1 : x < 0 ? -1 : 0
        case .reciprocalSquareRoot: return -y * y * y / 2
        case .reciprocal: return -y * y
        case .linear(let scale, _): return Double(scale)
        }
    }

    static func sigmoid(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }

    /// The standard normal distribution's cumulative function; `erfc` keeps its lower tail exact.
    private static func normalCumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
}
