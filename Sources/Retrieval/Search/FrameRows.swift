/// The looks of frames, less what all frames have in common and of length 1, laid out to be multiplied fast.
struct FrameRows {
    let count: Int
    private let rows: [SIMD8<Float>]
    private let eighths: Int

    /// - Parameter mean: the look that is common to all; none if empty.
    init(_ trace: FrameTrace, minus mean: [Float]) {
        count = trace.count
        let size = trace.dimensions
        eighths = (size + 7) / 8
        var rows = [SIMD8<Float>](repeating: .zero, count: count * eighths)
        for frame in 0..<count {
            var values = Self.unit(trace.values[frame * size..<(frame + 1) * size].map(Float.init))
            if mean.count == size { values = Self.unit(zip(values, mean).map { $0 - $1 }) }
            for (place, value) in values.enumerated() { rows[frame * eighths + place / 8][place % 8] = value }
        }
        self.rows = rows
    }

    static func unit(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : values
    }

    /// The cosines of each frame of this with each of another, `[own, other]`.
    func cosines(with other: FrameRows) -> [Float] {
        guard eighths == other.eighths else { return [] }
        var result = [Float](repeating: 0, count: count * other.count)
        let (own, others) = (rows.span, other.rows.span)
        for row in 0..<count {
            for column in 0..<other.count {
                var sum = SIMD8<Float>.zero
                for part in 0..<eighths {
                    sum.addProduct(own[row * eighths + part], others[column * eighths + part])
                }
                result[row * other.count + column] = sum.sum()
            }
        }
        return result
    }
}
