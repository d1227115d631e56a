#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

extension ParameterBuffer {
    /// Draws every parameter anew, as its `initializer` says.
    ///
    /// Each parameter's numbers depend on `seed` and its name alone, so a layer that is added or taken away leaves the
    /// others as they were. Cost: one pass, and for orthogonal ones as many as their
    /// shorter side is long.
    public func initialize(seed: UInt64) {
        fill(0)
        for parameter in parameters {
            // The buffer made room for its own parameters, so none can be missing.
            guard let values = unsafe try? unsafeFloats(parameter.name) else { continue }
            var random = SeededRandom(seed: seed, stream: parameter.name)
            unsafe random.draw(parameter, into: values)
        }
    }
}

extension SeededRandom {
    /// A number from the normal distribution of mean 0 and variance 1 (Box & Muller 1958).
    public mutating func nextNormal() -> Float {
        // 1 - u lies in (0, 1], whose logarithm is finite.
        let radius = (-2 * log(1 - nextDouble())).squareRoot()
        return Float(radius * cos(2 * Double.pi * nextDouble()))
    }

    /// A number in 0 ..< 1, one of 2^53 evenly spaced ones.
    mutating func nextDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    fileprivate mutating func draw(_ parameter: Parameter, into values: UnsafeMutableBufferPointer<Float>) {
        switch parameter.initializer {
        case .constant(let value): unsafe values.update(repeating: value)
        case .heNormal(let fan):
            let deviation = Float((2 / Double(max(fan, 1))).squareRoot())
            for index in values.indices { unsafe values[index] = deviation * nextNormal() }
        case .uniform(let bound): unsafe drawUniform(bound, into: values)
        case .glorotUniform(let fanIn, let fanOut):
            unsafe drawUniform(Float((6 / Double(max(fanIn + fanOut, 1))).squareRoot()), into: values)
        case .orthogonal:
            let columns = max(parameter.shape.dimensions.last ?? 1, 1)
            let rows = values.count / columns
            // Drawn with the long side as rows' length, and laid down on its side where that is the columns'.
            let matrix = orthonormalRows(min(rows, columns), max(rows, columns))
            for row in 0..<rows {
                for column in 0..<columns {
                    let value = rows <= columns ? matrix[row * columns + column] : matrix[column * rows + row]
                    unsafe values[row * columns + column] = Float(value)
                }
            }
        }
    }

    private mutating func drawUniform(_ bound: Float, into values: UnsafeMutableBufferPointer<Float>) {
        for index in values.indices { unsafe values[index] = bound * (2 * nextUniform() - 1) }
    }

    /// `rows <= columns` rows of length 1, each at right angles to the others, in row-major order: the Q of the QR
    /// decomposition of a normal matrix, with R's diagonal positive, which makes every orientation equally likely.
    private mutating func orthonormalRows(_ rows: Int, _ columns: Int) -> [Double] {
        var matrix = (0..<rows * columns).map { _ in Double(nextNormal()) }
        for row in 0..<rows {
            // Modified Gram–Schmidt: the parts along earlier rows are taken off one by one, which keeps rounding small.
            for earlier in 0..<row {
                var along = 0.0
                for column in 0..<columns {
                    along += matrix[row * columns + column] * matrix[earlier * columns + column]
                }
                for column in 0..<columns {
                    matrix[row * columns + column] -= along * matrix[earlier * columns + column]
                }
            }
            var square = 0.0
            for column in 0..<columns { square += matrix[row * columns + column] * matrix[row * columns + column] }
            let scale = square > 0 ? 1 / square.squareRoot() : 0
            for column in 0..<columns { matrix[row * columns + column] *= scale }
        }
        return matrix
    }
}
