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
        let looks = (0..<count).map { trace.look($0, view: view) }
        var whitened = whitening.apply(looks.flatMap(\.self))
        var novelties: [Float?] = []
        for (frame, look) in looks.enumerated() {
            let place = frame * dimensions..<(frame + 1) * dimensions
            guard look.contains(where: { $0 != 0 }) else {
                // What shows nothing stays like nothing.
                for number in place { whitened[number] = 0 }
                novelties.append(nil)
                continue
            }
            let own = Self.unit(Array(whitened[place]))
            whitened.replaceSubrange(place, with: own)
            let before = frame > 0 ? whitened[place.lowerBound - dimensions..<place.lowerBound] : []
            novelties.append(max(0, min(1, 1 - zip(own, before).reduce(0) { $0 + $1.0 * $1.1 })))
        }
        rows = whitened
        self.novelties = novelties
    }

    /// Every so many frames of some, one after the other.
    init(joining all: [FrameRows], every step: Int) {
        dimensions = all.first?.dimensions ?? 0
        var (rows, novelties): ([Float], [Float?]) = ([], [])
        for part in all {
            for frame in stride(from: 0, to: part.count, by: step) {
                rows += part.rows[frame * dimensions..<(frame + 1) * dimensions]
                novelties.append(part.novelties[frame])
            }
        }
        (self.rows, self.novelties, count) = (rows, novelties, novelties.count)
    }

    static func unit(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : values
    }

    /// The cosines of the frames of this with each of another, `[own, other]`.
    func cosines(with other: FrameRows) -> [Float] {
        dimensions == other.dimensions ? Self.products(rows, other.rows, size: dimensions) : []
    }

    /// The products of vectors with each of others, `[own, other]`, of `size` numbers each.
    static func products(_ vectors: [Float], _ others: [Float], size: Int) -> [Float] {
        guard size > 0, !vectors.isEmpty, !others.isEmpty else { return [] }
        let (count, otherCount) = (vectors.count / size, others.count / size)
        return unsafe [Float](unsafeUninitializedCapacity: count * otherCount) { products, written in
            written = count * otherCount
            guard let base = products.baseAddress else { return }
            unsafe sora_inner_products(Int32(size), Int32(count), vectors, Int32(otherCount), others, base)
        }
    }

    /// How many bytes it takes.
    var size: Int { rows.count * MemoryLayout<Float>.stride }
}
