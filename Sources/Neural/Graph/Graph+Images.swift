extension Graph {
    /// Convolution of `x [batch, height, width, in]` with `weight [out, in / groups, kernelHeight, kernelWidth]`.
    ///
    /// - Parameter bias: `[out]`, added to each place.
    /// - Returns: `[batch, outHeight, outWidth, out]`; the sizes are `Convolution`'s.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func convolution(
        _ x: Value, weight: Value, bias: Value? = nil, stride: Pair = Pair(1), padding: Pair = Pair(0),
        dilation: Pair = Pair(1), groups: Int = 1
    ) throws -> Value {
        let attributes = Convolution(
            stride: stride, padBefore: padding, padAfter: padding, dilation: dilation, groups: groups,
            hasBias: bias != nil)
        let (input, kernel) = (shape(x), shape(weight))
        try requireFloats([x, weight] + (bias.map { [$0] } ?? []), "a convolution")
        try require(input.rank == 4 && kernel.rank == 4, "a convolution takes 4 axes, not \(input) with \(kernel)")
        try require(
            groups > 0 && input[3] % groups == 0 && input[3] / groups == kernel[1] && kernel[0] % groups == 0,
            "\(input[3]) channels do not go with a kernel \(kernel) in \(groups) groups")
        try bias.map { try require(shape($0) == [kernel[0]], "a bias of \(kernel[0]) is needed, not \(shape($0))") }
        let size = try outputSize(
            Pair(height: input[1], width: input[2]), Pair(height: kernel[2], width: kernel[3]), attributes)
        return try appendChecked(
            .convolution(attributes), [x, weight] + (bias.map { [$0] } ?? []),
            [TensorType([input[0], size.height, size.width, kernel[0]])])[0]
    }

    /// Transposed convolution of `x [batch, height, width, in]` with `weight [in, out / groups, kernelHeight, kernelWidth]`
    /// (PyTorch's order): the gradient of a convolution with respect to its input, used forwards.
    ///
    /// Output size per axis: `(in - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1`.
    /// - Throws: `NeuralError.shape` if the sizes do not go together.
    public mutating func transposedConvolution(
        _ x: Value, weight: Value, bias: Value? = nil, stride: Pair = Pair(1), padding: Pair = Pair(0),
        outputPadding: Pair = Pair(0), dilation: Pair = Pair(1), groups: Int = 1
    ) throws -> Value {
        let (input, kernel) = (shape(x), shape(weight))
        try requireFloats([x, weight], "a transposed convolution")
        try require(input.rank == 4 && kernel.rank == 4, "a convolution takes 4 axes, not \(input) with \(kernel)")
        try require(
            groups > 0 && input[3] == kernel[0] && kernel[0] % groups == 0,
            "\(input[3]) channels do not go with a transposed kernel \(kernel) in \(groups) groups")
        try require(
            outputPadding.height >= 0 && outputPadding.width >= 0
                && outputPadding.height < max(stride.height, dilation.height)
                && outputPadding.width < max(stride.width, dilation.width),
            "output padding must be smaller than the stride or the dilation")
        try requireWindow([input[1], input[2], kernel[2], kernel[3]], [stride, padding, dilation])
        let height =
            (input[1] - 1) * stride.height - 2 * padding.height + dilation.height * (kernel[2] - 1)
            + outputPadding.height + 1
        let width =
            (input[2] - 1) * stride.width - 2 * padding.width + dilation.width * (kernel[3] - 1)
            + outputPadding.width + 1
        try require(height > 0 && width > 0, "a transposed convolution of \(input) with \(kernel) leaves nothing")
        // The convolution that this one is the gradient of must give back exactly x's size: output padding of a whole
        // stride or more would make it larger, unless it takes the place of padding at the end.
        let padAfter = Pair(
            height: padding.height - (outputPadding.height < stride.height ? 0 : outputPadding.height),
            width: padding.width - (outputPadding.width < stride.width ? 0 : outputPadding.width))
        let attributes = Convolution(
            stride: stride, padBefore: padding, padAfter: padAfter, dilation: dilation, groups: groups)
        let back = try outputSize(
            Pair(height: height, width: width), Pair(height: kernel[2], width: kernel[3]), attributes)
        try require(back == Pair(height: input[1], width: input[2]), "a transposed convolution cannot have these sizes")
        let (channels, overflows) = kernel[1].multipliedReportingOverflow(by: groups)
        try require(!overflows, "\(kernel[1]) channels in \(groups) groups are too many")
        let y = try appendChecked(
            .convolutionInputGradient(attributes), [x, weight], [TensorType([input[0], height, width, channels])])[0]
        guard let bias else { return y }
        return try add(y, bias)
    }

    /// The size of a convolution's output.
    package func outputSize(_ input: Pair, _ kernel: Pair, _ c: Convolution) throws -> Pair {
        func along(_ input: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int, _ dilation: Int) throws
            -> Int
        {
            try requireWindow([input, kernel, stride, before, after, dilation], [])
            try require(
                kernel > 0 && stride > 0 && dilation > 0 && before >= 0 && after >= 0,
                "kernel, stride and dilation must be positive and padding not negative")
            let room = input + before + after - dilation * (kernel - 1) - 1
            try require(
                room >= 0, "a kernel of \(kernel) (dilation \(dilation)) does not fit into \(input) + \(before + after)"
            )
            return room / stride + 1
        }
        return Pair(
            height: try along(
                input.height, kernel.height, c.stride.height, c.padBefore.height, c.padAfter.height, c.dilation.height),
            width: try along(
                input.width, kernel.width, c.stride.width, c.padBefore.width, c.padAfter.width, c.dilation.width))
    }

    /// Pooling of `x [batch, height, width, channel]` over a sliding window.
    ///
    /// - Parameters:
    ///   - stride: the kernel's size where nil.
    ///   - roundsUp: whether pixels that are left over at the end have a window of their own, which reaches past the edge
    ///     (PyTorch's `ceil_mode`).
    /// - Returns: `[batch, outHeight, outWidth, channel]`; the sizes are `Pooling`'s.
    /// - Throws: `NeuralError.shape` if the window does not fit, or the padding reaches half of it.
    public mutating func pooling(
        _ kind: Pooling.Kind, _ x: Value, kernel: Pair, stride: Pair? = nil, padding: Pair = Pair(0),
        roundsUp: Bool = false
    ) throws -> Value {
        let input = shape(x)
        try requireFloats([x], "pooling")
        try require(input.rank == 4, "pooling takes 4 axes, not \(input)")
        let stride = stride ?? kernel
        try requireWindow([], [kernel, padding, stride])
        try require(
            padding.height * 2 <= kernel.height && padding.width * 2 <= kernel.width,
            "pooling's padding may be half its kernel at most")
        func after(_ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
            guard roundsUp, stride > 0, input >= kernel else { return padding }
            let over = (input + 2 * padding - kernel) % stride
            // A window that began past the picture, and its padding before it, would see nothing.
            let reach = over > 0 && input + padding > (input + 2 * padding - kernel - over) + stride
            return reach ? padding + stride - over : padding
        }
        let padAfter = Pair(
            height: after(input[1], kernel.height, stride.height, padding.height),
            width: after(input[2], kernel.width, stride.width, padding.width))
        let pooling = Pooling(kind: kind, kernel: kernel, stride: stride, padBefore: padding, padAfter: padAfter)
        let size = try outputSize(
            Pair(height: input[1], width: input[2]), kernel,
            Convolution(stride: pooling.stride, padBefore: padding, padAfter: padAfter))
        let output = Shape([input[0], size.height, size.width, input[3]])
        let outputs = [TensorType(output)] + (kind == .maximum ? [TensorType(output, .int32)] : [])
        return try appendChecked(.pooling(pooling), [x], outputs)[0]
    }

    /// Enlarges `x [batch, height, width, channel]` by whole factors.
    /// - Throws: `NeuralError.shape` if a factor is not positive or `x` has not 4 axes.
    public mutating func upsample(_ kind: Upsampling.Kind, _ x: Value, factor: Pair) throws -> Value {
        let input = shape(x)
        try requireFloats([x], "upsampling")
        try require(
            input.rank == 4 && factor.height > 0 && factor.width > 0,
            "upsampling takes 4 axes and positive factors, not \(input)")
        try requireWindow([input[1], input[2]], [factor])
        return try appendChecked(
            .upsample(Upsampling(kind: kind, factor: factor)), [x],
            [TensorType([input[0], input[1] * factor.height, input[2] * factor.width, input[3]])])[0]
    }

    /// Turns frames of bytes into floats: `byte * scale[channel] + shift[channel]`.
    /// - Throws: `NeuralError.shape` if there is not one scale and one shift for each channel.
    public mutating func normalizeFrames(_ frames: Value, scale: [Float], shift: [Float]) throws -> Value {
        let type = type(frames)
        try require(
            type.elementType == .uint8 && scale.count == type.shape.dimensions.last && shift.count == scale.count,
            "frames \(type) do not go with \(scale.count) scales and \(shift.count) shifts")
        return append(.normalizeFrames(scale: scale, shift: shift), [frames], TensorType(type.shape))
    }
}
