internal import Foundation

/// A signature without its time: the mean picture, and where it changes how much.
package struct SignatureSummary: Sendable {
    /// Root of the mean square by which a cell strays from its own mean, brightness of the whole left aside.
    package let motion: Double
    /// `[part, number]`: the mean picture and the picture of changes, both of length 1 over the root of 2, as sums of
    /// four pictures: even or odd in x, even or odd in y. Mirroring only changes signs of such parts.
    let vector: [Float]

    package init(_ signature: ClipSignature) {
        let cells = ClipSignature.cells
        let count = max(signature.count, 1)
        let pictures = Self.levelled(Array(signature.levels))
        var mean = [Float](repeating: 0, count: cells)
        for (place, value) in pictures.enumerated() { mean[place % cells] += value / Float(count) }
        var change = [Float](repeating: 0, count: cells)
        for (place, value) in pictures.enumerated() {
            let difference = value - mean[place % cells]
            change[place % cells] += difference * difference / Float(count)
        }
        motion = Double(change.reduce(0, +) / Float(cells)).squareRoot()
        change = Self.levelled(change.map { $0.squareRoot() })
        let root = Float(0.5).squareRoot()
        let scene = Self.parts(Self.unit(mean).map { $0 * root })
        let changes = Self.parts(Self.unit(motion >= SignatureSimilarity.moving ? change : mean).map { $0 * root })
        var vector: [Float] = []
        for part in 0..<4 {
            vector += scene[part * 16..<(part + 1) * 16]
            vector += changes[part * 16..<(part + 1) * 16]
        }
        self.vector = vector
    }

    /// The cosine of the mean pictures, one of them turned.
    package func sceneCosine(_ other: SignatureSummary, _ symmetry: ClipMatch.Symmetry) -> Double {
        var sum: Float = 0
        for part in 0..<4 {
            for place in part * 32..<part * 32 + 16 {
                sum += symmetry.signs[part] * vector[place] * other.vector[place]
            }
        }
        return Double(2 * sum)
    }

    /// Each picture without its own mean.
    static func levelled<Value: BinaryInteger>(_ values: [Value]) -> [Float] { levelled(values.map { Float($0) }) }

    static func levelled(_ values: [Float]) -> [Float] {
        var result = values
        let cells = ClipSignature.cells
        for start in stride(from: 0, to: values.count - cells + 1, by: cells) {
            let mean = values[start..<start + cells].reduce(0, +) / Float(cells)
            for place in start..<start + cells { result[place] -= mean }
        }
        return result
    }

    private static func unit(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // A picture of one grey has no direction: it is like no other.
        return length < 8 ? values.map { _ in 0 } : values.map { $0 / length }
    }

    /// A picture of 8x8 as four of 4x4, of the same length in all.
    private static func parts(_ picture: [Float]) -> [Float] {
        let (side, half) = (ClipSignature.side, ClipSignature.side / 2)
        var result = [Float](repeating: 0, count: picture.count)
        for part in 0..<4 {
            let (x, y): (Float, Float) = (part % 2 == 0 ? 1 : -1, part < 2 ? 1 : -1)
            for row in 0..<half {
                for column in 0..<half {
                    let (below, right) = (side - 1 - row, side - 1 - column)
                    let upper: Float = picture[row * side + column] + x * picture[row * side + right]
                    let lower: Float = picture[below * side + column] + x * picture[below * side + right]
                    let sum: Float = upper + y * lower
                    result[(part * half + row) * half + column] = sum / 2
                }
            }
        }
        return result
    }
}
