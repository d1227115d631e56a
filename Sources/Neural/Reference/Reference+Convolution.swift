extension Reference {
    static func convolution(_ c: Convolution, _ inputs: [ReferenceTensor], _ shape: Shape) -> ReferenceTensor {
        let (x, weight) = (inputs[0].values, inputs[1])
        let taps = ConvolutionTaps(c, input: inputs[0].shape, output: shape, kernel: weight.shape)
        let packed = taps.pack(weight.values)
        let (ins, outs) = (taps.inputsPerGroup, taps.outputsPerGroup)
        var y = [Double](repeating: 0, count: shape.elementCount)
        if c.hasBias {
            let bias = inputs[2].values
            for index in y.indices { y[index] = bias[index % bias.count] }
        }
        if c.addsResidual, let residual = inputs.last?.values {
            for index in y.indices { y[index] += residual[index] }
        }
        taps.forEach { xStart, yStart, kernelStart in
            for i in 0..<ins {
                let element = x[xStart + i]
                for o in 0..<outs { y[yStart + o] += element * packed[kernelStart + i * outs + o] }
            }
        }
        let result = ReferenceTensor(shape, y)
        return c.activation.map { unary($0, result) } ?? result
    }

    static func convolutionInputGradient(
        _ c: Convolution, _ dy: ReferenceTensor, _ weight: ReferenceTensor, _ shape: Shape
    ) -> ReferenceTensor {
        let taps = ConvolutionTaps(c, input: shape, output: dy.shape, kernel: weight.shape)
        let packed = taps.pack(weight.values)
        let (ins, outs) = (taps.inputsPerGroup, taps.outputsPerGroup)
        let dy = dy.values
        var dx = [Double](repeating: 0, count: shape.elementCount)
        taps.forEach { xStart, yStart, kernelStart in
            for i in 0..<ins {
                var sum = 0.0
                for o in 0..<outs { sum += dy[yStart + o] * packed[kernelStart + i * outs + o] }
                dx[xStart + i] += sum
            }
        }
        return ReferenceTensor(shape, dx)
    }

    /// `dweight`, and `dbias` if there is a bias.
    static func convolutionWeightGradient(
        _ c: Convolution, _ x: ReferenceTensor, _ dy: ReferenceTensor, _ shape: Shape
    ) -> [ReferenceTensor] {
        let taps = ConvolutionTaps(c, input: x.shape, output: dy.shape, kernel: shape)
        let (ins, outs) = (taps.inputsPerGroup, taps.outputsPerGroup)
        let (x, dy) = (x.values, dy.values)
        var packed = [Double](repeating: 0, count: shape.elementCount)
        taps.forEach { xStart, yStart, kernelStart in
            for i in 0..<ins {
                let element = x[xStart + i]
                for o in 0..<outs { packed[kernelStart + i * outs + o] += element * dy[yStart + o] }
            }
        }
        let dweight = ReferenceTensor(shape, taps.unpack(packed))
        guard c.hasBias else { return [dweight] }
        var dbias = [Double](repeating: 0, count: shape[0])
        for index in dy.indices { dbias[index % dbias.count] += dy[index] }
        return [dweight, ReferenceTensor([shape[0]], dbias)]
    }
}

/// Which input pixel meets which output pixel at which place of the kernel: what the three convolutions share.
private struct ConvolutionTaps {
    let c: Convolution
    let input: Shape
    let output: Shape
    let kernel: Shape
    let inputsPerGroup: Int
    let outputsPerGroup: Int

    init(_ c: Convolution, input: Shape, output: Shape, kernel: Shape) {
        self.c = c
        self.input = input
        self.output = output
        self.kernel = kernel
        inputsPerGroup = kernel[1]
        outputsPerGroup = kernel[0] / c.groups
    }

    /// Calls `body` with the first of a group's channels in the input pixel, in the output pixel, and with the start
    /// of the `[in, out]` block of the packed weights that joins them.
    @inline(__always)
    func forEach(_ body: (_ x: Int, _ y: Int, _ kernel: Int) -> Void) {
        let block = inputsPerGroup * outputsPerGroup
        for image in 0..<output[0] {
            for row in 0..<output[1] {
                for column in 0..<output[2] {
                    let y = ((image * output[1] + row) * output[2] + column) * output[3]
                    for kernelRow in 0..<kernel[2] {
                        let inputRow = row * c.stride.height - c.padBefore.height + kernelRow * c.dilation.height
                        guard inputRow >= 0 && inputRow < input[1] else { continue }
                        for kernelColumn in 0..<kernel[3] {
                            let inputColumn =
                                column * c.stride.width - c.padBefore.width + kernelColumn * c.dilation.width
                            guard inputColumn >= 0 && inputColumn < input[2] else { continue }
                            let x = ((image * input[1] + inputRow) * input[2] + inputColumn) * input[3]
                            let tap = (kernelRow * kernel[3] + kernelColumn) * c.groups
                            for group in 0..<c.groups {
                                body(x + group * inputsPerGroup, y + group * outputsPerGroup, (tap + group) * block)
                            }
                        }
                    }
                }
            }
        }
    }

    /// `[out, in / groups, kernelHeight, kernelWidth]` → `[kernelHeight, kernelWidth, group, in / groups, out / groups]`
    func pack(_ weight: [Double]) -> [Double] { order.map { weight[$0] } }

    /// The way back.
    func unpack(_ packed: [Double]) -> [Double] {
        var weight = packed
        for (value, place) in zip(packed, order) { weight[place] = value }
        return weight
    }

    private var order: [Int] {
        let strides = kernel.strides
        return Shape([kernel[2], kernel[3], c.groups, inputsPerGroup, outputsPerGroup]).offsets(
            steps: [strides[2], strides[3], outputsPerGroup * strides[0], strides[1], strides[0]])
    }
}
