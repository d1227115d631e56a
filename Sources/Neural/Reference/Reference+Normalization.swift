extension Reference {
    /// `y, mean, variance`: statistics of each channel over all rows.
    static func batchNormalization(
        _ x: ReferenceTensor, _ scale: ReferenceTensor, _ shift: ReferenceTensor, _ epsilon: Double
    ) -> [ReferenceTensor] {
        let channels = scale.values.count
        let count = Double(x.values.count / channels)
        var mean = [Double](repeating: 0, count: channels)
        for (index, element) in x.values.enumerated() { mean[index % channels] += element / count }
        var variance = [Double](repeating: 0, count: channels)
        for (index, element) in x.values.enumerated() {
            let difference = element - mean[index % channels]
            variance[index % channels] += difference * difference / count
        }
        let statistics = [ReferenceTensor([channels], mean), ReferenceTensor([channels], variance)]
        return [batchNormalizationInference([x, scale, shift] + statistics, epsilon)] + statistics
    }

    /// `x, scale, shift, mean, variance` → `y`
    static func batchNormalizationInference(_ inputs: [ReferenceTensor], _ epsilon: Double) -> ReferenceTensor {
        let (scale, shift) = (inputs[1].values, inputs[2].values)
        let (mean, variance) = (inputs[3].values, inputs[4].values)
        let factor = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
        var y = inputs[0]
        for index in y.values.indices {
            let channel = index % scale.count
            y.values[index] = (y.values[index] - mean[channel]) * factor[channel] + shift[channel]
        }
        return y
    }

    /// `x, dy, scale, mean, variance` → `dx, dscale, dshift`
    static func batchNormalizationGradient(_ inputs: [ReferenceTensor], _ epsilon: Double) -> [ReferenceTensor] {
        let (x, dy, scale, mean) = (inputs[0].values, inputs[1].values, inputs[2].values, inputs[3].values)
        let inverse = inputs[4].values.map { 1 / ($0 + epsilon).squareRoot() }
        let channels = scale.count
        let count = Double(x.count / channels)
        var dscale = [Double](repeating: 0, count: channels)
        var dshift = dscale
        for index in x.indices {
            let channel = index % channels
            dscale[channel] += dy[index] * (x[index] - mean[channel]) * inverse[channel]
            dshift[channel] += dy[index]
        }
        var dx = x
        for index in x.indices {
            let channel = index % channels
            let normalized = (x[index] - mean[channel]) * inverse[channel]
            let centred = dy[index] - dshift[channel] / count - normalized * dscale[channel] / count
            dx[index] = scale[channel] * inverse[channel] * centred
        }
        return [
            ReferenceTensor(inputs[0].shape, dx), ReferenceTensor([channels], dscale),
            ReferenceTensor([channels], dshift),
        ]
    }

    /// `y, mean, variance` with a ReLU of `y`, and 1 where that lets an element through.
    static func activated(_ outputs: [ReferenceTensor]) -> [ReferenceTensor] {
        let y = unary(.relu, outputs[0])
        return [y, outputs[1], outputs[2], ReferenceTensor(y.shape, y.values.map { $0 > 0 ? 1 : 0 })]
    }

    /// `x, dy, scale, mean, variance, window` → the same without the window, and `dy` only where it lets through.
    static func passed(_ inputs: [ReferenceTensor]) -> [ReferenceTensor] {
        var result = Array(inputs.dropLast())
        result[1] = ReferenceTensor(inputs[1].shape, zip(inputs[1].values, inputs[5].values).map { $0 * $1 })
        return result
    }

    /// `y, mean, variance`: statistics of each row over its last axis.
    static func layerNormalization(
        _ x: ReferenceTensor, _ scale: ReferenceTensor, _ shift: ReferenceTensor, _ epsilon: Double
    ) -> [ReferenceTensor] {
        let width = scale.values.count
        let rows = x.values.count / width
        var (y, mean, variance) = (x.values, [Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows))
        for row in 0..<rows {
            let range = row * width..<(row + 1) * width
            let middle = x.values[range].reduce(0, +) / Double(width)
            let spread = x.values[range].reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(width)
            (mean[row], variance[row]) = (middle, spread)
            let inverse = 1 / (spread + epsilon).squareRoot()
            for index in range {
                let column = index - range.lowerBound
                y[index] = (x.values[index] - middle) * inverse * scale.values[column] + shift.values[column]
            }
        }
        let statistic = Shape(x.shape.dimensions.dropLast())
        return [
            ReferenceTensor(x.shape, y), ReferenceTensor(statistic, mean), ReferenceTensor(statistic, variance),
        ]
    }

    /// `x, dy, scale, mean, variance` → `dx, dscale, dshift`
    static func layerNormalizationGradient(_ inputs: [ReferenceTensor], _ epsilon: Double) -> [ReferenceTensor] {
        let (x, dy, scale, mean) = (inputs[0].values, inputs[1].values, inputs[2].values, inputs[3].values)
        let variance = inputs[4].values
        let width = scale.count
        var dx = x
        var dscale = [Double](repeating: 0, count: width)
        var dshift = dscale
        for row in mean.indices {
            let inverse = 1 / (variance[row] + epsilon).squareRoot()
            // Means over the row of the cotangent of the normalised row, and of its product with that row.
            var (sum, product) = (0.0, 0.0)
            for column in 0..<width {
                let index = row * width + column
                let normalized = (x[index] - mean[row]) * inverse
                dscale[column] += dy[index] * normalized
                dshift[column] += dy[index]
                sum += dy[index] * scale[column] / Double(width)
                product += dy[index] * scale[column] * normalized / Double(width)
            }
            for column in 0..<width {
                let index = row * width + column
                let normalized = (x[index] - mean[row]) * inverse
                dx[index] = inverse * (dy[index] * scale[column] - sum - normalized * product)
            }
        }
        return [
            ReferenceTensor(inputs[0].shape, dx), ReferenceTensor([width], dscale), ReferenceTensor([width], dshift),
        ]
    }
}
