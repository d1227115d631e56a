internal import Foundation

/// Moves and scales vectors so that those of a collection spread evenly in all directions: what they all have is left out, and
/// what few of them have counts for more. The cosine of two vectors is then that of Mahalanobis' distance, with a covariance
/// drawn half way to a sphere, so that few vectors suffice.
struct Whitening: Sendable {
    let mean: [Float]
    /// The inverse of the covariance's Cholesky factor, `[row, column]`, zero above the diagonal.
    private let inverse: [Float]

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
        var inverse = [Float](repeating: 0, count: dimensions * dimensions)
        for column in 0..<dimensions {
            var solved = [Float](repeating: 0, count: dimensions)
            for i in column..<dimensions {
                var value: Float = i == column ? 1 : 0
                for k in column..<i { value -= covariance[i * dimensions + k] * solved[k] }
                solved[i] = value / covariance[i * dimensions + i]
                inverse[i * dimensions + column] = solved[i]
            }
        }
        (self.mean, self.inverse) = (mean, inverse)
    }

    /// Vectors of as many numbers, one after the other, moved and scaled; as they are where they have not as many.
    func apply(_ vectors: [Float]) -> [Float] {
        let size = mean.count
        guard size > 0, vectors.count.isMultiple(of: size) else { return vectors }
        var centred = vectors
        for start in stride(from: 0, to: centred.count, by: size) {
            for place in 0..<size { centred[start + place] -= mean[place] }
        }
        return FrameRows.products(centred, inverse, size: size)
    }
}
