import Foundation

extension Reference {
    /// `a, b, [bias]`
    static func matmul(
        _ inputs: [ReferenceTensor], transposeA: Bool, transposeB: Bool, _ shape: Shape
    ) -> ReferenceTensor {
        let (a, b) = (inputs[0], inputs[1])
        let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
        let inner = a.shape[a.shape.rank - (transposeA ? 2 : 1)]
        let (aRow, aInner) = transposeA ? (1, rows) : (inner, 1)
        let (bInner, bColumn) = transposeB ? (1, inner) : (columns, 1)
        var y = ReferenceTensor(shape)
        for batch in 0..<shape.elementCount / (rows * columns) {
            let (aStart, bStart, yStart) = (batch * rows * inner, batch * inner * columns, batch * rows * columns)
            for row in 0..<rows {
                for k in 0..<inner {
                    let element = a.values[aStart + row * aRow + k * aInner]
                    for column in 0..<columns {
                        y.values[yStart + row * columns + column] +=
                            element * b.values[bStart + k * bInner + column * bColumn]
                    }
                }
            }
        }
        return inputs.count > 2 ? binary(.add, y, inputs[2], shape) : y
    }

    static func reduce(
        _ reduction: Reduction, _ x: ReferenceTensor, _ axes: [Int], _ shape: Shape
    ) -> ReferenceTensor {
        let kept = keeping(x.shape, axes)
        let targets = kept.broadcastOffsets(to: x.shape)
        let count = Double(x.values.count / kept.elementCount)
        var y = [Double](repeating: reduction == .maximum ? -.infinity : 0, count: kept.elementCount)
        for (element, target) in zip(x.values, targets) {
            switch reduction {
            case .sum: y[target] += element
            case .mean: y[target] += element / count
            case .maximum: if element > y[target] || element.isNaN { y[target] = element }
            }
        }
        return ReferenceTensor(shape, y)
    }

    /// `x, y, dy` → `dx`; elements that tie share.
    static func maximumGradient(
        _ x: ReferenceTensor, _ y: ReferenceTensor, _ dy: ReferenceTensor, _ axes: [Int]
    ) -> ReferenceTensor {
        let sources = keeping(x.shape, axes).broadcastOffsets(to: x.shape)
        var ties = [Double](repeating: 0, count: y.values.count)
        for (element, source) in zip(x.values, sources) where element == y.values[source] { ties[source] += 1 }
        let dx = zip(x.values, sources).map { element, source in
            element == y.values[source] ? dy.values[source] / ties[source] : 0
        }
        return ReferenceTensor(x.shape, dx)
    }

    static func softmax(_ x: ReferenceTensor, logarithm: Bool) -> ReferenceTensor {
        var y = x
        forEachRow(x.shape) { row in
            let highest = x.values[row].max() ?? 0
            let total = x.values[row].reduce(0) { $0 + exp($1 - highest) }
            for index in row {
                let shifted = x.values[index] - highest
                y.values[index] = logarithm ? shifted - log(total) : exp(shifted) / total
            }
        }
        return y
    }

    /// `y, dy` → `dx`
    static func softmaxGradient(_ y: ReferenceTensor, _ dy: ReferenceTensor, logarithm: Bool) -> ReferenceTensor {
        var dx = dy
        forEachRow(y.shape) { row in
            let total = row.reduce(0) { $0 + dy.values[$1] * (logarithm ? 1 : y.values[$1]) }
            for index in row {
                dx.values[index] =
                    logarithm
                    ? dy.values[index] - exp(y.values[index]) * total : y.values[index] * (dy.values[index] - total)
            }
        }
        return dx
    }

    private static func forEachRow(_ shape: Shape, _ body: (Range<Int>) -> Void) {
        let width = shape.dimensions.last ?? 1
        for start in stride(from: 0, to: shape.elementCount, by: max(width, 1)) { body(start..<start + width) }
    }

    private static func keeping(_ shape: Shape, _ axes: [Int]) -> Shape {
        Shape(shape.dimensions.indices.map { axes.contains($0) ? 1 : shape[$0] })
    }
}
