/// The looks of frames, whitened and of length 1, laid out to be multiplied fast.
struct FrameRows {
    let count: Int
    /// How much each frame differs from the one before it, 0...1; 1 for the first one, and nil for one that shows nothing.
    let novelties: [Float?]
    private let rows: [SIMD8<Float>]
    private let eighths: Int

    init(_ trace: FrameTrace, _ whitening: Whitening) {
        count = trace.count
        let size = trace.dimensions
        eighths = (size + 7) / 8
        var novelties: [Float?] = []
        var before: [Float] = []
        var rows = [SIMD8<Float>](repeating: .zero, count: count * eighths)
        for frame in 0..<count {
            var values = Self.unit(trace.values[frame * size..<(frame + 1) * size].map(Float.init))
            // What shows nothing stays like nothing.
            let shows = values.contains { $0 != 0 }
            if shows { values = Self.unit(whitening.apply(values)) }
            novelties.append(shows ? max(0, min(1, 1 - zip(values, before).reduce(0) { $0 + $1.0 * $1.1 })) : nil)
            before = values
            for (place, value) in values.enumerated() { rows[frame * eighths + place / 8][place % 8] = value }
        }
        self.rows = rows
        self.novelties = novelties
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
