internal import CFAISS

/// The looks of frames, whitened and of length 1, laid out to be multiplied fast.
struct FrameRows {
    let count: Int
    /// How much each frame differs from the one before it, 0...1; 1 for the first one, and nil for one that shows nothing.
    let novelties: [Float?]
    /// `[frame, number]`
    private let rows: [Float]
    private let dimensions: Int

    init(_ trace: FrameTrace, view: Int = 0, _ whitening: Whitening) {
        count = trace.count
        dimensions = trace.dimensions
        var novelties: [Float?] = []
        var before: [Float] = []
        var rows: [Float] = []
        rows.reserveCapacity(count * dimensions)
        for frame in 0..<count {
            var values = trace.look(frame, view: view)
            // What shows nothing stays like nothing.
            let shows = values.contains { $0 != 0 }
            if shows { values = Self.unit(whitening.apply(values)) }
            novelties.append(shows ? max(0, min(1, 1 - zip(values, before).reduce(0) { $0 + $1.0 * $1.1 })) : nil)
            before = values
            rows += values
        }
        self.rows = rows
        self.novelties = novelties
    }

    static func unit(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : values
    }

    /// The cosines of frames of this with each of another, `[own, other]`.
    /// - Parameter step: every so many frames of this.
    func cosines(with other: FrameRows, step: Int = 1) -> [Float] {
        guard dimensions == other.dimensions, dimensions > 0, step > 0 else { return [] }
        let chosen = (count + step - 1) / step
        guard chosen > 0, other.count > 0 else { return [] }
        return unsafe [Float](unsafeUninitializedCapacity: chosen * other.count) { products, written in
            written = chosen * other.count
            guard let base = products.baseAddress else { return }
            unsafe sora_inner_products(
                Int32(dimensions), Int32(chosen), rows, Int32(step * dimensions), Int32(other.count), other.rows, base)
        }
    }

    /// How many bytes it takes.
    var size: Int { rows.count * MemoryLayout<Float>.stride }
}
