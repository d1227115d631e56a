extension Reference {
    static func upsample(_ u: Upsampling, _ x: ReferenceTensor, _ shape: Shape) -> ReferenceTensor {
        var y = ReferenceTensor(shape)
        forEachSource(u, small: x.shape, large: shape) { small, large, weight in
            for channel in 0..<shape[3] { y.values[large + channel] += x.values[small + channel] * weight }
        }
        return y
    }

    static func upsampleGradient(_ u: Upsampling, _ dy: ReferenceTensor, _ shape: Shape) -> ReferenceTensor {
        var dx = ReferenceTensor(shape)
        forEachSource(u, small: shape, large: dy.shape) { small, large, weight in
            for channel in 0..<shape[3] { dx.values[small + channel] += dy.values[large + channel] * weight }
        }
        return dx
    }

    /// Bytes to floats, `byte * scale[channel] + shift[channel]`.
    static func normalizeFrames(_ frames: ReferenceTensor, _ scale: [Float], _ shift: [Float]) -> ReferenceTensor {
        var y = frames
        for index in y.values.indices {
            let channel = index % scale.count
            y.values[index] = y.values[index] * Double(scale[channel]) + Double(shift[channel])
        }
        return y
    }

    /// Calls `body` with the first elements of a pixel of the small image and of one of the large image that it
    /// takes part in, and with its weight there.
    private static func forEachSource(
        _ u: Upsampling, small: Shape, large: Shape, _ body: (_ small: Int, _ large: Int, _ weight: Double) -> Void
    ) {
        let rows = (0..<large[1]).map { sources($0, u.kind, u.factor.height, small[1]) }
        let columns = (0..<large[2]).map { sources($0, u.kind, u.factor.width, small[2]) }
        for image in 0..<large[0] {
            for (row, fromRows) in rows.enumerated() {
                for (column, fromColumns) in columns.enumerated() {
                    let target = ((image * large[1] + row) * large[2] + column) * large[3]
                    for (sourceRow, rowWeight) in fromRows {
                        for (sourceColumn, columnWeight) in fromColumns {
                            let source = ((image * small[1] + sourceRow) * small[2] + sourceColumn) * small[3]
                            body(source, target, rowWeight * columnWeight)
                        }
                    }
                }
            }
        }
    }

    /// Which elements of an axis of `size` the element at `position` of the enlarged axis is made of, and how much.
    private static func sources(
        _ position: Int, _ kind: Upsampling.Kind, _ factor: Int, _ size: Int
    ) -> [(Int, Double)] {
        switch kind {
        case .nearest: return [(position / factor, 1)]
        case .bilinear:
            let centre = max((Double(position) + 0.5) / Double(factor) - 0.5, 0)
            let first = min(Int(centre), size - 1)
            let fraction = centre - Double(first)
            return [(first, 1 - fraction), (min(first + 1, size - 1), fraction)]
        }
    }
}
