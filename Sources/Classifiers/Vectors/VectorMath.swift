/// Sums over vectors, in double precision, in an order that is always the same.
enum VectorMath {
    /// The sum of the products of numbers that go together.
    static func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        sum(a, b) {
            $0 * $1
        } scalar: {
            $0 * $1
        }
    }

    /// The square of the distance of two vectors.
    static func squaredDistance(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        sum(a, b) {
            ($0 - $1) * ($0 - $1)
        } scalar: {
            ($0 - $1) * ($0 - $1)
        }
    }

    /// Sums what `block` makes of eight pairs at a time, and `scalar` of those left over. Accumulators side by side,
    /// since a single one would keep the compiler from using vectors.
    @inline(__always)
    private static func sum(
        _ a: ArraySlice<Float>, _ b: ArraySlice<Float>, _ block: (SIMD8<Double>, SIMD8<Double>) -> SIMD8<Double>,
        scalar: (Double, Double) -> Double
    ) -> Double {
        let count = min(a.count, b.count)
        return unsafe a.withUnsafeBytes { a in
            unsafe b.withUnsafeBytes { b in
                var sums = SIMD8<Double>.zero
                var place = 0
                while place + 8 <= count {
                    let x = unsafe a.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
                    let y = unsafe b.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
                    sums += block(SIMD8<Double>(x), SIMD8<Double>(y))
                    place += 8
                }
                var total = sums.sum()
                while place < count {
                    let x = unsafe a.loadUnaligned(fromByteOffset: place * 4, as: Float.self)
                    let y = unsafe b.loadUnaligned(fromByteOffset: place * 4, as: Float.self)
                    total += scalar(Double(x), Double(y))
                    place += 1
                }
                return total
            }
        }
    }

    /// `vector` at length 1; as it is where it has none.
    static func normalized(_ vector: [Float]) -> [Float] {
        let length = dot(vector[...], vector[...]).squareRoot()
        return length > 0 && length.isFinite ? vector.map { Float(Double($0) / length) } : vector
    }
}

extension Array where Element == Double {
    /// The exponentials' shares of their sum.
    var softmax: [Double] {
        let peak = self.max() ?? 0
        let powers = map { exponential($0 - peak) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
