internal import Foundation

/// Moves and scales vectors so that those of a collection spread evenly in all directions: what they all have is left out, and
/// what few of them have counts for more. The cosine of two vectors is then that of Mahalanobis' distance, with a covariance
/// drawn half way to a sphere, so that few vectors suffice.
struct Whitening: Sendable {
    let mean: [Float]
    /// The inverse of the covariance's Cholesky factor, `[row, column]`, zero above the diagonal; rows are filled up with zeros
    /// to whole eighths.
    private let inverse: [SIMD8<Float>]
    private let eighths: Int

    /// From some vectors, one after the other.
    /// - Cost: `count * dimensions^2`.
    init(_ vectors: [Float], dimensions: Int) {
        let count = vectors.count / max(dimensions, 1)
        var mean = [Float](repeating: 0, count: dimensions)
        for row in 0..<count {
            for place in 0..<dimensions { mean[place] += vectors[row * dimensions + place] / Float(count) }
        }
        var covariance = [Float](repeating: 0, count: dimensions * dimensions)
        for row in 0..<count {
            let own = (0..<dimensions).map { vectors[row * dimensions + $0] - mean[$0] }
            for i in 0..<dimensions {
                for j in 0...i { covariance[i * dimensions + j] += own[i] * own[j] / Float(count) }
            }
        }
        let spread =
            (0..<dimensions).reduce(Float(0)) { $0 + covariance[$1 * dimensions + $1] } / Float(max(dimensions, 1))
        for i in 0..<dimensions { covariance[i * dimensions + i] += spread > 1e-12 ? spread : 1 }
        // In place: each row of the factor needs those above it alone.
        for i in 0..<dimensions {
            for j in 0...i {
                var value = covariance[i * dimensions + j]
                for k in 0..<j { value -= covariance[i * dimensions + k] * covariance[j * dimensions + k] }
                covariance[i * dimensions + j] =
                    i == j ? max(value, 1e-12).squareRoot() : value / covariance[j * dimensions + j]
            }
        }
        // The inverse column by column, by substitution.
        eighths = (dimensions + 7) / 8
        var inverse = [SIMD8<Float>](repeating: .zero, count: dimensions * eighths)
        for column in 0..<dimensions {
            var solved = [Float](repeating: 0, count: dimensions)
            for i in column..<dimensions {
                var value: Float = i == column ? 1 : 0
                for k in column..<i { value -= covariance[i * dimensions + k] * solved[k] }
                solved[i] = value / covariance[i * dimensions + i]
                inverse[i * eighths + column / 8][column % 8] = solved[i]
            }
        }
        (self.mean, self.inverse) = (mean, inverse)
    }

    /// A vector of as many numbers, moved and scaled.
    func apply(_ vector: [Float]) -> [Float] {
        let count = mean.count
        guard vector.count == count else { return vector }
        var centred = [SIMD8<Float>](repeating: .zero, count: eighths)
        for i in 0..<count { centred[i / 8][i % 8] = vector[i] - mean[i] }
        let rows = inverse.span
        return (0..<count).map { i in
            var sum = SIMD8<Float>.zero
            for part in 0...i / 8 { sum.addProduct(rows[i * eighths + part], centred[part]) }
            return sum.sum()
        }
    }
}
