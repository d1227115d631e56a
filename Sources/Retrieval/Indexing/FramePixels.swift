/// A picture as floating-point colours, of which parts are brought to another size.
package struct FramePixels {
    package let height: Int
    package let width: Int
    private let colours: [SIMD4<Float>]

    /// - Parameter bytes: RGB, `[height, width, 3]`.
    package init(_ bytes: [UInt8], height: Int, width: Int) {
        (self.height, self.width) = (height, width)
        colours = (0..<height * width).map { pixel in
            SIMD4(Float(bytes[3 * pixel]), Float(bytes[3 * pixel + 1]), Float(bytes[3 * pixel + 2]), 0)
        }
    }

    /// A part of the picture, of other sides: each pixel the mean of those about it, weighted by a triangle that is as wide as
    /// the step from one to the next (what Pillow calls bilinear).
    /// - Returns: RGB bytes, `[height, width, 3]`.
    package func part(_ box: FrameBox, height rows: Int, width columns: Int) -> [UInt8] {
        let across = Self.taps(from: box.left * Float(width), length: box.width * Float(width), to: columns, of: width)
        let down = Self.taps(from: box.top * Float(height), length: box.height * Float(height), to: rows, of: height)
        guard let first = down.first?.first, let last = down.last.map({ $0.first + $0.weights.count }) else {
            return []
        }
        var narrow = [SIMD4<Float>](repeating: .zero, count: (last - first) * columns)
        let source = colours.span
        for row in first..<last {
            for (column, tap) in across.enumerated() {
                var sum = SIMD4<Float>.zero
                for (step, weight) in tap.weights.enumerated() {
                    sum += source[row * width + tap.first + step] * weight
                }
                narrow[(row - first) * columns + column] = sum
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows * columns * 3)
        let between = narrow.span
        for tap in down {
            for column in 0..<columns {
                var sum = SIMD4<Float>(repeating: 0.5)
                for (step, weight) in tap.weights.enumerated() {
                    sum += between[(tap.first - first + step) * columns + column] * weight
                }
                for channel in 0..<3 { bytes.append(UInt8(min(max(sum[channel], 0), 255))) }
            }
        }
        return bytes
    }

    /// Of which pixels, and how much of each, every one of `count` is made that lie evenly on a part of a side.
    private static func taps(from start: Float, length: Float, to count: Int, of side: Int) -> [(
        first: Int, weights: [Float]
    )] {
        let step = length / Float(count)
        let reach = max(step, 1)
        return (0..<count).map { place in
            let middle = start + (Float(place) + 0.5) * step
            let first = max(0, Int((middle - reach).rounded(.down)))
            let end = max(first + 1, min(side, Int((middle + reach).rounded(.up))))
            let raw = (first..<end).map { max(0, 1 - abs(Float($0) + 0.5 - middle) / reach) }
            let sum = raw.reduce(0, +)
            return sum > 0 ? (first, raw.map { $0 / sum }) : (min(first, side - 1), [1])
        }
    }
}
