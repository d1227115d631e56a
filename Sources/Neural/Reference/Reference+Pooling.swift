extension Reference {
    /// `y`, and for the maximum which pixel of the image each element came from, counted row by row.
    static func pooling(_ p: Pooling, _ x: ReferenceTensor, _ shape: Shape) -> [ReferenceTensor] {
        let channels = shape[3]
        var y = ReferenceTensor(shape, repeating: p.kind == .maximum ? -.infinity : 0)
        var origin = ReferenceTensor(shape)
        forEachPlace(p, input: x.shape, output: shape) { source, place, pixel, share in
            for channel in 0..<channels {
                let element = x.values[source + channel]
                if p.kind != .maximum {
                    y.values[place + channel] += element * share
                } else if element > y.values[place + channel] || element.isNaN {
                    y.values[place + channel] = element
                    origin.values[place + channel] = Double(pixel)
                }
            }
        }
        return p.kind == .maximum ? [y, origin] : [y]
    }

    /// Maximum: `dy, window`; average: `dy`.
    static func poolingGradient(_ p: Pooling, _ inputs: [ReferenceTensor], _ inputShape: Shape) -> ReferenceTensor {
        let (dy, channels) = (inputs[0], inputShape[3])
        let origin = p.kind == .maximum ? inputs[1].values : []
        var dx = ReferenceTensor(inputShape)
        forEachPlace(p, input: inputShape, output: dy.shape) { source, place, pixel, share in
            for channel in 0..<channels {
                if p.kind != .maximum {
                    dx.values[source + channel] += dy.values[place + channel] * share
                } else if origin[place + channel] == Double(pixel) {
                    dx.values[source + channel] += dy.values[place + channel]
                }
            }
        }
        return dx
    }

    /// Calls `body` for each pixel of each window: the pixel's first element in the input, the window's first element
    /// in the output, the pixel's number in its image, and its weight in the window's average.
    @inline(__always)
    private static func forEachPlace(
        _ p: Pooling, input: Shape, output: Shape,
        _ body: (_ source: Int, _ place: Int, _ pixel: Int, _ share: Double) -> Void
    ) {
        for image in 0..<output[0] {
            for row in 0..<output[1] {
                let top = row * p.stride.height - p.padBefore.height
                let rows = max(top, 0)..<max(min(top + p.kernel.height, input[1]), max(top, 0))
                for column in 0..<output[2] {
                    let left = column * p.stride.width - p.padBefore.width
                    let columns = max(left, 0)..<max(min(left + p.kernel.width, input[2]), max(left, 0))
                    let whole = p.kind == .averageIncludingPadding
                    let share = 1 / Double(whole ? p.kernel.height * p.kernel.width : rows.count * columns.count)
                    let place = ((image * output[1] + row) * output[2] + column) * output[3]
                    for inputRow in rows {
                        for inputColumn in columns {
                            let pixel = inputRow * input[2] + inputColumn
                            body((image * input[1] * input[2] + pixel) * input[3], place, pixel, share)
                        }
                    }
                }
            }
        }
    }
}
