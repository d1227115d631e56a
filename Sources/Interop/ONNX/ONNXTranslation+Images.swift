import Neural

extension ONNXTranslation {
    /// By how much each of `count` frames differs from the one before, around 128 and cut to what a byte holds; the first
    /// is its own predecessor.
    mutating func motion(_ frames: String, count: Int) throws -> String {
        let floats = emit("Cast", [frames], [("to", .integer(1))])
        func part(_ from: Int, _ to: Int) -> String {
            emit("Slice", [floats, integers([from]), integers([to]), integers([0])])
        }
        let previous = count == 1 ? floats : emit("Concat", [part(0, 1), part(0, count - 1)], [("axis", .integer(0))])
        let shifted = try emit("Add", [emit("Sub", [floats, previous]), number(128)])
        return try emit("Clip", [shifted, number(0), number(255)])
    }

    /// The luma of the frame before each of `count` frames, of itself and of the one after as its channels, rounded to what a
    /// byte holds; the first is its own predecessor, the last its own successor.
    mutating func stack(_ frames: String, count: Int) throws -> String {
        let floats = emit("Cast", [frames], [("to", .integer(1))])
        let shares = try constant("stack.luma", Tensor([3, 1, 1], [77 / 256, 150 / 256, 29 / 256] as [Float]))
        let weighted = emit("Mul", [floats, shares])
        let sum = emit("ReduceSum", [weighted, integers([2])], [("keepdims", .integer(1))])
        let luma = try emit("Floor", [emit("Add", [sum, number(0.5)])])
        func part(_ from: Int, _ to: Int) -> String {
            emit("Slice", [luma, integers([from]), integers([to]), integers([0])])
        }
        func joined(_ parts: [String]) -> String { emit("Concat", parts, [("axis", .integer(0))]) }
        let previous = count == 1 ? luma : joined([part(0, 1), part(0, count - 1)])
        let next = count == 1 ? luma : joined([part(1, count), part(count - 1, count)])
        return emit("Concat", [previous, luma, next], [("axis", .integer(2))])
    }

    /// Bytes become floats, and those are scaled and shifted: `Cast`, `Mul`, `Add`.
    mutating func normalizeFrames(_ node: Graph.Node, _ y: Graph.Value, _ scale: [Float], _ shift: [Float]) throws {
        let isImage = isChannelsFirst(node.inputs[0])
        let shape: Shape = isImage ? [scale.count, 1, 1] : [scale.count]
        let floats = emit("Cast", [try name(node.inputs[0], isChannelsFirst: isImage)], [("to", .integer(1))])
        let scaled = try emit("Mul", [floats, constant("\(node.label).scale", Tensor(shape, scale))])
        let shifted = try emit("Add", [scaled, constant("\(node.label).shift", Tensor(shape, shift))])
        set(y, shifted, isChannelsFirst: isImage)
    }

    /// `Conv`: weights are `[out, in / groups, height, width]` on both sides.
    mutating func convolution(_ node: Graph.Node, _ y: Graph.Value, _ convolution: Convolution) throws {
        guard !convolution.addsResidual, convolution.activation == nil else { throw unsupported(node) }
        let kernel = graph.shape(node.inputs[1])
        var inputs = [try name(node.inputs[0], isChannelsFirst: true)]
        for value in node.inputs.dropFirst() { inputs.append(try name(value)) }
        let result = emit(
            "Conv", inputs,
            [
                ("dilations", .integers(pair(convolution.dilation))), ("group", .integer(convolution.groups)),
                ("kernel_shape", .integers([kernel[2], kernel[3]])),
                ("pads", .integers(pair(convolution.padBefore) + pair(convolution.padAfter))),
                ("strides", .integers(pair(convolution.stride))),
            ])
        set(y, result, isChannelsFirst: true)
    }

    /// `BatchNormalization`, which runtimes fold into the convolution before it.
    mutating func batchNormalization(_ node: Graph.Node, _ y: Graph.Value, _ epsilon: Float) throws {
        guard graph.shape(node.inputs[0]).rank == 4 else { throw unsupported(node) }
        var inputs = [try name(node.inputs[0], isChannelsFirst: true)]
        for value in node.inputs.dropFirst() { inputs.append(try name(value)) }
        set(y, emit("BatchNormalization", inputs, [("epsilon", .float(epsilon))]), isChannelsFirst: true)
    }

    /// `MaxPool`; sizes are rounded down on both sides.
    mutating func pooling(_ node: Graph.Node, _ y: Graph.Value, _ pooling: Pooling) throws {
        guard pooling.kind == .maximum else { throw unsupported(node) }
        let result = emit(
            "MaxPool", [try name(node.inputs[0], isChannelsFirst: true)],
            [
                ("kernel_shape", .integers(pair(pooling.kernel))),
                ("pads", .integers(pair(pooling.padBefore) + pair(pooling.padAfter))),
                ("strides", .integers(pair(pooling.stride))),
            ])
        set(y, result, isChannelsFirst: true)
    }

    private func pair(_ pair: Pair) -> [Int] { [pair.height, pair.width] }
}
