import Neural

/// A tensor that a test case feeds into its graph.
struct Source: Sendable {
    let name: String
    var tensor: Tensor
    /// It is bound as a parameter rather than as an input.
    var isParameter = false
    /// Gradients are asked for it.
    var isDifferentiable = true

    /// Random normal numbers, kept `margin` away from each of `kinks`, so that differences across a kink never occur.
    static func normal(
        _ name: String, _ shape: Shape, scale: Double = 1, shift: Double = 0, clearOf kinks: [Double] = []
    ) throws -> Source {
        var random = TestRandom(name, shape)
        let values = (0..<shape.elementCount).map { _ in
            var value = random.normal() * scale + shift
            for kink in kinks where abs(value - kink) < 0.05 { value = kink + (value < kink ? -0.05 : 0.05) }
            return Float(value)
        }
        return Source(name: name, tensor: try Tensor(shape, values))
    }

    /// Random numbers between `low` and `high`.
    static func uniform(_ name: String, _ shape: Shape, _ low: Double, _ high: Double) throws -> Source {
        var random = TestRandom(name, shape)
        let values = (0..<shape.elementCount).map { _ in Float(low + (high - low) * random.uniform()) }
        return Source(name: name, tensor: try Tensor(shape, values))
    }

    static func integers(_ name: String, _ values: [Int32]) throws -> Source {
        Source(name: name, tensor: try Tensor([values.count], values), isDifferentiable: false)
    }

    /// The same, without a gradient.
    var constant: Source {
        var copy = self
        copy.isDifferentiable = false
        return copy
    }

    /// The same, bound as a parameter.
    var parameter: Source {
        var copy = self
        copy.isParameter = true
        return copy
    }
}

/// Repeatable numbers: SplitMix64, started from a name and a shape.
struct TestRandom {
    private var state: UInt64

    init(_ name: String, _ shape: Shape = []) {
        state = "\(name)\(shape)".utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// In 0 ..< 1.
    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Double(splitMix64(state) >> 11) / 9_007_199_254_740_992
    }

    /// Variance 1: twelve uniform numbers summed, near enough to normal.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}
